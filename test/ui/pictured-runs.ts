import { approve, deny, listApprovals } from '#contract/runs/approvals'
import { followUpRun, launchRun, type Run } from '#contract/runs/runs'
import { untilStatus } from '../kit/events.ts'
import { play } from '../kit/play.ts'
import type { App } from '../kit/start-app.ts'
import * as stories from './stories.ts'

const practice = 'practice'

export type PicturedRuns = Record<'waiting' | 'running' | 'failed' | 'done' | 'chain' | 'oneLiners' | 'hostile', Run>

/** Runs in every state there is, each with a story of its own. */
export async function makeRuns(app: App): Promise<PicturedRuns> {
  const planned = await play(app, 'Plan the release of 2.4.0', stories.planned)
  await untilStatus(app, planned.id, 'SUCCEEDED')
  const chain = await makeChain(app)
  const oneLiners = await play(app, 'Publish, and clean up behind you', stories.oneLiners)
  await decideInTurn(app, oneLiners, [{ allow: true }, { allow: false, reason: 'Keep the build for the report.' }])
  await untilStatus(app, oneLiners.id, 'SUCCEEDED')
  const hostile = await play(app, stories.hostileTitle, stories.hostile)
  await untilStatus(app, hostile.id, 'SUCCEEDED')
  const failed = await play(app, 'Rotate the signing key of the webhooks', stories.refused)
  await untilStatus(app, failed.id, 'FAILED')
  const done = await play(app, 'Publish the dry run and tell what changed', stories.published)
  await untilStatus(app, done.id, 'SUCCEEDED')
  const question = await play(app, 'Split the public subnets', stories.asks)
  await untilStatus(app, question.id, 'WAITING')
  const waiting = await play(app, 'Run the full suite, then dry-run the publish', stories.waits)
  await untilStatus(app, waiting.id, 'WAITING')
  const running = await play(app, 'Find what makes the nightly build slow', stories.works)
  await untilStatus(app, running.id, 'RUNNING')
  return { failed, done, waiting, running, chain, oneLiners, hostile }
}

/** Three runs of the practice agent, each the follow-up of the one before. */
async function makeChain(app: App): Promise<Run> {
  const first = await app.call(launchRun, { body: { prompt: 'list then help', runtime: practice } })
  await untilStatus(app, first.id, 'SUCCEEDED')
  const second = await app.call(followUpRun, { params: { id: first.id }, body: { prompt: 'find version' } })
  await untilStatus(app, second.id, 'SUCCEEDED')
  const third = await app.call(followUpRun, { params: { id: second.id }, body: { prompt: 'wait 1 then list' } })
  return untilStatus(app, third.id, 'SUCCEEDED')
}

/** Answers what a run asks, one request after the other. */
async function decideInTurn(app: App, run: Run, answers: { allow: boolean; reason?: string }[]): Promise<void> {
  const query = { status: 'pending', runId: run.id } as const
  for (const { allow, reason } of answers) {
    let request = (await app.call(listApprovals, { query })).data[0]
    while (!request) request = (await app.call(listApprovals, { query })).data[0]
    if (allow) await app.call(approve, { params: { id: request.id }, body: {} })
    else await app.call(deny, { params: { id: request.id }, body: { reason } })
  }
}
