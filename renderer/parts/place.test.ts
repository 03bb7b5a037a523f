import { expect, test } from 'vitest'
import type { Runner } from '#contract/runners/runners'
import type { Run } from '#contract/runs/runs'
import { placeOf } from './place.ts'

const own = { id: 'own', name: 'laptop', kind: 'builtin' } as Runner
const far = { id: 'far', name: 'Build box', kind: 'remote' } as Runner
const run = (runnerId: string | null, place = 'host') => ({ runnerId, place }) as Run
const host = { place: 'host' }

test('a place at this computer says its kind, a far one its runner', () => {
  expect(placeOf(host, run('own'), [own, far])).toBe('This computer')
  expect(placeOf(host, run('own', 'container'), [own, far])).toBe('Container')
  expect(placeOf(host, run('far'), [own, far])).toBe('Runner Build box')
  expect(placeOf(host, run('far', 'container'), [own, far])).toBe('Container · Runner Build box')
  expect(placeOf(host, run('own', 'moon'), [own])).toBe('moon')
})

test('where nobody took anything yet the place is not known unless there is but one computer', () => {
  expect(placeOf(host, undefined, [own])).toBe('This computer')
  expect(placeOf({ place: 'container' }, undefined, [own])).toBe('Container')
  expect(placeOf(host, undefined, [own, far])).toBe('Any computer')
  expect(placeOf(host, run(null), [own, far])).toBe('Any computer')
  expect(placeOf({ place: 'container' }, run(null, 'container'), [far])).toBe('Container · any computer')
  expect(placeOf(host, run('left'), [own, far])).toBe('A runner that is gone')
  expect(placeOf(host, run('left'), [own])).toBe('This computer')
})
