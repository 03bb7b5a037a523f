import type { ChangedFile } from '#contract/runs/changed-files'
import type { Run, TokenUsage } from '#contract/runs/runs'
import { count, duration, money, tokens, totalTokens } from '../../../lib/format.ts'

/** How the second differs from the first; empty where one of them does not tell. */
export function tookDifference(first: Run, second: Run): string {
  if (first.durationMs === null || second.durationMs === null) return ''
  const by = second.durationMs - first.durationMs
  return by === 0 ? 'the same' : `${duration(Math.abs(by))} ${by > 0 ? 'longer' : 'shorter'}`
}

export function costDifference(first: Run, second: Run): string {
  const parts = [
    first.costUsd === null || second.costUsd === null ? '' : more(second.costUsd - first.costUsd, money),
    more(totalTokens(second.usage) - totalTokens(first.usage), by => `${tokens(by)} tokens`)
  ].filter(words => words !== '')
  return parts.join(', ') || 'the same'
}

function more(by: number, words: (amount: number) => string): string {
  return by === 0 ? '' : `${words(Math.abs(by))} ${by > 0 ? 'more' : 'less'}`
}

export function filesDifference(first: readonly ChangedFile[] | undefined, second: readonly ChangedFile[] | undefined) {
  if (!first || !second) return ''
  const both = second.filter(({ path }) => first.some(one => one.path === path)).length
  return both === 0 ? 'none in both' : `${count(both, 'file')} in both`
}

/** Of what went in, in percent; empty: nothing went in. */
export function cacheShare({ inputTokens, cacheReadTokens, cacheWriteTokens }: TokenUsage): string {
  const all = inputTokens + cacheReadTokens + cacheWriteTokens
  return all === 0 ? '' : `, ${Math.round((100 * cacheReadTokens) / all)}% from cache`
}
