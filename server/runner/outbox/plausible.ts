import { claimedTokens, claimedUsage, claimedUsd } from '#contract/money/figures'
import type { Facts } from '#contract/runners/runner-protocol'

const longestName = 200
const longestId = 4096

const rules = {
  usage: (value: Facts['usage']) => claimedUsage.safeParse(value).success,
  costUsd: (value: Facts['costUsd']) => claimedUsd.safeParse(value).success,
  sessionTotals: (value: Facts['sessionTotals']) =>
    claimedUsage.safeParse(value?.usage).success && claimedUsd.safeParse(value?.costUsd).success,
  contextUsed: (value: Facts['contextUsed']) => claimedTokens.safeParse(value).success,
  contextMax: (value: Facts['contextMax']) => claimedTokens.safeParse(value).success,
  model: (value: Facts['model']) => value === undefined || value.length <= longestName,
  sessionId: (value: Facts['sessionId']) => value === undefined || value.length <= longestId
}
const names = {
  usage: 'tokens',
  costUsd: 'cost',
  sessionTotals: 'totals of its session',
  contextUsed: 'context',
  contextMax: 'context window',
  model: 'name of its model',
  sessionId: 'id of its session'
} satisfies Record<keyof typeof rules, string>

/** What a runtime claims, without what cannot be; `refused` names that in words. One wrong figure takes no other along. */
export function plausible(facts: Facts): { facts: Facts; refused: string[] } {
  const kept: Facts = { ...facts }
  const refused: string[] = []
  for (const name of Object.keys(rules) as (keyof typeof rules)[]) {
    if (facts[name] === undefined || (rules[name] as (value: unknown) => boolean)(facts[name])) continue
    delete kept[name]
    refused.push(names[name])
  }
  return { facts: kept, refused }
}
