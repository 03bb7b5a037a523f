import type { Goal, Line, TakenRound } from './line.ts'
import { busyAbove } from './rest.ts'
import { type Estimate, estimate, medianOf } from './statistics.ts'

type Verdict = 'holds' | 'missed' | 'inconclusive'

export interface Result {
  name: string
  title: string
  against: string
  unit: Line['unit']
  goal: Goal
  rounds: number
  /** Share of the machine that other work had, median. */
  busy: number
  floor: Estimate
  ours: Estimate
  ratio: Estimate
  verdict: Verdict
  /** What a reader must know of the verdict. */
  why: string | null
}

/** A floor whose own interval is wider than this share of its median says more of the machine than of us. */
const noisyFloor = 0.5

export function judge(line: Line, rounds: readonly TakenRound[]): Result {
  const floor = estimate(rounds.map(round => round.floor))
  const ours = estimate(rounds.map(round => round.ours))
  const ratio = estimate(rounds.map(round => round.ours / round.floor))
  const { name, title, floor: against, unit, goal } = line
  const busy = medianOf(rounds.map(round => round.busy))
  const noise = otherWork(busy) ?? noiseOf(goal, floor)
  const judged = verdictOn(goal, goal.of === 'ratio' ? ratio : ours)
  const stands = noise === null || (judged === 'holds' && isSturdy(line))
  const verdict = stands ? judged : 'inconclusive'
  const why = stands ? (verdict === 'inconclusive' ? 'the interval reaches across the goal' : null) : noise
  return { name, title, against, unit, goal, rounds: rounds.length, busy, floor, ours, ratio, verdict, why }
}

/** What keeps its goal although the machine was disturbed keeps it: other work makes nothing of ours smaller. */
function isSturdy({ goal, unit }: Line): boolean {
  return (goal.of === 'ours' && goal.bound === 'at most') || unit === 'MB'
}

function otherWork(busy: number): string | null {
  return busy > busyAbove ? `other work took ${Math.round(busy * 100)} % of the machine` : null
}

function noiseOf(goal: Goal, floor: Estimate): string | null {
  if (goal.of === 'ours')
    return floor.high > goal.limit / 2 ? 'the machine alone takes more than half of what the goal allows' : null
  const width = (floor.high - floor.low) / floor.median
  return width > noisyFloor ? `the floor itself varies by ${Math.round(width * 100)} %` : null
}

function verdictOn({ bound, limit }: Goal, { low, high }: Estimate): Verdict {
  const [kept, broken] = bound === 'at most' ? [high <= limit, low > limit] : [low >= limit, high < limit]
  if (kept) return 'holds'
  return broken ? 'missed' : 'inconclusive'
}
