import { describe, expect, test } from 'vitest'
import type { Goal, Line, TakenRound } from './line.ts'
import { judge } from './verdict.ts'

const line = (goal: Goal): Line => ({
  name: 'x',
  title: 'x',
  floor: 'y',
  unit: 'ms',
  goal,
  rounds: 5,
  prepare: () => Promise.reject(new Error('not measured here'))
})
const rounds = (floor: number[], ours: number[], busy = 0): TakenRound[] =>
  floor.map((value, index) => ({ floor: value, ours: ours[index] ?? 0, busy }))
const steady = [10, 10, 10, 10, 10]

describe('a goal for a ratio', () => {
  const atMost: Goal = { of: 'ratio', bound: 'at most', limit: 2 }
  test.each([
    ['holds', [15, 16, 17, 18, 20]],
    ['inconclusive', [15, 16, 17, 18, 21]],
    ['missed', [21, 22, 23, 24, 25]]
  ])('%s by the whole interval, not by its median', (verdict, ours) => {
    expect(judge(line(atMost), rounds(steady, ours)).verdict).toBe(verdict)
  })

  test('from below turns the sides', () => {
    const atLeast: Goal = { of: 'ratio', bound: 'at least', limit: 0.5 }
    expect(judge(line(atLeast), rounds(steady, [5, 6, 6, 6, 7])).verdict).toBe('holds')
    expect(judge(line(atLeast), rounds(steady, [1, 2, 3, 4, 4])).verdict).toBe('missed')
  })

  test('says nothing over a floor that varies too much', () => {
    const result = judge(line(atMost), rounds([4, 8, 10, 12, 16], [4, 8, 10, 12, 16]))
    expect(result).toMatchObject({ verdict: 'inconclusive', why: expect.stringContaining('floor') })
  })

  test('says nothing of a machine that did other work', () => {
    const result = judge(line(atMost), rounds(steady, [31, 32, 33, 34, 35], 0.6))
    expect(result).toMatchObject({ verdict: 'inconclusive', why: expect.stringContaining('60 %') })
  })

  test('compares within each round, so that the weather of the machine cancels out', () => {
    expect(judge(line(atMost), rounds([10, 12, 10, 14, 10], [15, 18, 15, 21, 15])).ratio).toEqual({
      median: 1.5,
      low: 1.5,
      high: 1.5
    })
  })
})

describe('a goal for our own figure', () => {
  const goal: Goal = { of: 'ours', bound: 'at most', limit: 25 }
  const above = [30, 30, 30, 30, 30]

  test('is missed only where the machine alone takes less than half of it', () => {
    expect(judge(line(goal), rounds([1, 1, 1, 1, 1], above)).verdict).toBe('missed')
    expect(judge(line(goal), rounds([1, 1, 1, 1, 13], above)).verdict).toBe('inconclusive')
  })

  test('holds whatever else the machine did', () => {
    expect(judge(line(goal), rounds([1, 1, 1, 1, 13], [20, 20, 20, 20, 20], 0.9)).verdict).toBe('holds')
  })
})
