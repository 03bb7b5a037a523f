import { type Agent, createAgent, stopAgent } from '#contract/fleet/agents'
import { createBudget } from '#contract/money/budgets'
import { untilStatus } from '../kit/events.ts'
import { play } from '../kit/play.ts'
import type { App } from '../kit/start-app.ts'
import * as stories from './stories.ts'

export type SeededAgents = Record<'works' | 'waits', Agent>

/** A fleet in which each agent stands differently: one works, two ask, one failed, others rest. */
export async function makeAgents(app: App): Promise<SeededAgents> {
  const make = (name: string, more: Record<string, unknown> = {}) => app.call(createAgent, { body: { name, ...more } })
  await app.call(createBudget, { body: { amount: 40, period: 'day', action: 'warn' } })
  const waits = await make('release-pilot', {
    team: 'Storefront',
    role: 'You release the storefront API. Nothing goes out that the whole suite did not see.'
  })
  const asks = await make('infra-dory', { team: 'Platform' })
  const works = await make('api-kestrel', {
    team: 'Storefront',
    description: 'Keeps the refunds of the storefront API right',
    tags: ['api', 'refunds'],
    permissionMode: 'acceptEdits',
    limits: { dailyTokenBudget: 2_000_000, monthlyTokenBudget: null, alertThreshold: 0.8 }
  })
  const fails = await make('triage-tern', { team: 'Platform', glyph: '🐦' })
  const done = await make('docs-quill', { team: 'Storefront', runtime: 'claude-code' })
  const paused = await make('sync-gannet', { team: 'Platform' })
  await make('ui-lumen')
  for (const [agent, prompt] of [
    [works, 'Store refund responses by key'],
    [done, 'Tell what changed in 2.4.0']
  ] as const)
    await untilStatus(app, (await play(app, prompt, stories.planned, agent.id)).id, 'SUCCEEDED')
  await untilStatus(app, (await play(app, 'Rotate the signing key', stories.refused, fails.id)).id, 'FAILED')
  await untilStatus(app, (await play(app, 'Split the public subnets', stories.asks, asks.id)).id, 'WAITING')
  await untilStatus(app, (await play(app, 'Dry-run the publish', stories.waits, waits.id)).id, 'WAITING')
  await untilStatus(app, (await play(app, 'Find what makes the build slow', stories.works, works.id)).id, 'RUNNING')
  await app.call(stopAgent, { params: { id: paused.id } })
  return { works, waits }
}
