import type { Run } from '#contract/runs/runs'
import { totalTokens } from '../../../lib/format.ts'

/** What runs of a chain came to together. */
interface Sums {
  runs: number
  /** Null: none of them has ended. */
  tookMs: number | null
  tokens: number
  /** Null: of none it is known. */
  costUsd: number | null
}

/** `chain` stands for all of its runs; `run` is one, `n` its place in the chain that stands open above it. */
export type SessionLine =
  | { type: 'chain'; id: string; first: Run; run: Run; sums: Sums; open: boolean; whole: boolean }
  | { type: 'run'; id: string; run: Run; n: number | null }

/**
 * Runs as chains, the one with the newest run first. `runs`: newest first. What is not read yet, or passes no filter, is
 * not in them: such a chain is not `whole`.
 */
export function sessionLines(runs: readonly Run[], opened: readonly string[]): SessionLine[] {
  return [...Map.groupBy(runs, run => run.rootRunId)].flatMap(([root, newest]) => linesOfChain(root, newest, opened))
}

function linesOfChain(root: string, newest: readonly Run[], opened: readonly string[]): SessionLine[] {
  const chain = newest.toReversed()
  const first = chain[0]
  const last = newest[0]
  if (!first || !last) return []
  if (chain.length === 1) return [{ type: 'run', id: first.id, run: first, n: null }]
  const open = opened.includes(root)
  const whole = first.id === root
  const steps = open ? chain.map((run, at): SessionLine => ({ type: 'run', id: run.id, run, n: at + 1 })) : []
  return [{ type: 'chain', id: `chain ${root}`, first, run: last, sums: sumsOf(chain), open, whole }, ...steps]
}

function sumsOf(runs: readonly Run[]): Sums {
  const times = runs.map(run => run.durationMs).filter(ms => ms !== null)
  const costs = runs.map(run => run.costUsd).filter(usd => usd !== null)
  const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0)
  return {
    runs: runs.length,
    tookMs: times.length === 0 ? null : sum(times),
    tokens: sum(runs.map(run => totalTokens(run.usage))),
    costUsd: costs.length === 0 ? null : sum(costs)
  }
}
