import { describe, expect, test } from 'vitest'
import type { Run } from '#contract/runs/runs'
import { childrenOf, pathTo, stripOf } from './chain.ts'

const run = (id: string, number: number, parentRunId: string | null) => ({ id, number, parentRunId }) as Run
const first = run('a', 1, null)
const second = run('b', 2, 'a')
const third = run('c', 3, 'b')
const fork = run('d', 4, 'a')
const chain = [fork, third, first, second]
const ids = (runs: Run[]) => runs.map(one => one.id).join('')

describe('a chain of runs', () => {
  test('the path leads from the first run to this one', () => expect(ids(pathTo(third, chain))).toBe('abc'))

  test('the strip goes on past this run along the newest child', () => {
    expect(ids(stripOf(second, chain))).toBe('abc')
    expect(ids(stripOf(first, chain))).toBe('ad')
  })

  test('children come oldest first', () => expect(ids(childrenOf(first, chain))).toBe('bd'))

  test('a parent that is not loaded ends the path', () => expect(ids(pathTo(third, [third]))).toBe('c'))
})
