import { expect, test } from 'vitest'
import type { Runner } from '#contract/runners/runners'
import type { Run } from '#contract/runs/runs'
import { placeOf } from './place.ts'

const own = { id: 'own', name: 'laptop', kind: 'builtin' } as Runner
const far = { id: 'far', name: 'Build box', kind: 'remote' } as Runner
const run = (runnerId: string | null, place = 'host') => ({ runnerId, place }) as Run
const words = (...parts: Parameters<typeof placeOf>) => placeOf(...parts).words
const host = { place: 'host' }

test('a place at this computer says its kind, a far one its runner', () => {
  expect(words(host, run('own'), [own, far])).toBe('This computer')
  expect(words(host, run('own', 'container'), [own, far])).toBe('Container')
  expect(words(host, run('far'), [own, far])).toBe('Runner Build box')
  expect(words(host, run('far', 'container'), [own, far])).toBe('Container · Runner Build box')
  expect(words(host, run('own', 'moon'), [own])).toBe('moon')
})

test('where nobody took anything yet the place is not known unless there is but one computer', () => {
  expect(words(host, undefined, [own])).toBe('This computer')
  expect(words({ place: 'container' }, undefined, [own])).toBe('Container')
  expect(words(host, undefined, [own, far])).toBe('Any computer')
  expect(words(host, run(null), [own, far])).toBe('Any computer')
  expect(words({ place: 'container' }, run(null, 'container'), [far])).toBe('Container · any computer')
  expect(words(host, run('left'), [own, far])).toBe('A runner that is gone')
  expect(words(host, run('left'), [own])).toBe('This computer')
})

test('two far runners of one name are two places', () => {
  const other = { ...far, id: 'other' }
  expect(placeOf(host, run('far'), [far, other]).id).not.toBe(placeOf(host, run('other'), [far, other]).id)
})
