import { z } from 'zod'
import { endpoint, idParams, queryInt } from '#contract/endpoint'
import { eventPageLimit, runEvent } from '#contract/runs/events'
import { launchBody, run as ourRun } from '#contract/runs/runs'

const statuses = ['QUEUED', 'RUNNING', 'WAITING', 'SUCCEEDED', 'FAILED', 'CANCELLED'] as const

export const run = ourRun
  .pick({
    id: true,
    statusReason: true,
    input: true,
    cwd: true,
    permissionMode: true,
    model: true,
    runtime: true,
    agentId: true,
    place: true,
    parentRunId: true,
    sessionId: true,
    trigger: true,
    result: true,
    usage: true,
    costUsd: true,
    durationMs: true,
    contextUsed: true,
    contextMax: true,
    lastSeq: true,
    createdAt: true,
    startedAt: true,
    endedAt: true
  })
  .extend({
    status: z.enum(statuses).describe('WAITING: for a person'),
    runnerId: ourRun.shape.runnerId.describe('null: none was named, and none has claimed it yet'),
    error: ourRun.shape.error.describe('Why it failed; `TIMED_OUT` and `LOST` are among the codes')
  })
  .meta({ id: 'Run' })

export const launchRun = endpoint({
  id: 'launchRun',
  method: 'POST',
  path: '/api/v1/runs',
  tag: 'runs',
  summary: 'Launch a session. It is queued, and a runner claims it.',
  scope: 'write',
  body: launchBody
    .pick({ prompt: true, runnerId: true, permissionMode: true, model: true })
    .extend({ cwd: z.string().min(1).max(4096).describe('Absolute folder, as it is called where the runner is') }),
  output: run,
  status: 201,
  errors: ['UNKNOWN_RUNNER', 'CWD_NOT_ALLOWED', 'BUDGET_EXHAUSTED', 'LIMIT_REACHED']
})

export const getRun = endpoint({
  id: 'getRun',
  method: 'GET',
  path: '/api/v1/runs/:id',
  tag: 'runs',
  summary: 'A session with all its logs, its cost and its tokens',
  scope: 'read',
  params: idParams,
  output: run.extend({ logs: z.array(runEvent) }).meta({ id: 'RunWithLogs' }),
  errors: ['NOT_FOUND']
})

export const listRunEvents = endpoint({
  id: 'listRunEvents',
  method: 'GET',
  path: '/api/v1/runs/:id/events',
  tag: 'runs',
  summary: `Events newer than the last one that was seen, at most ${eventPageLimit} at a time`,
  scope: 'read',
  params: idParams,
  query: z.object({ after: queryInt(0, Number.MAX_SAFE_INTEGER).default(0) }),
  output: z.object({ data: z.array(runEvent) }),
  errors: ['NOT_FOUND']
})

export const followUpRun = endpoint({
  id: 'followUpRun',
  method: 'POST',
  path: '/api/v1/runs/:id/followup',
  tag: 'runs',
  summary: 'Resume a session that ended in a child, with its runner, cwd, permission mode and model',
  scope: 'write',
  params: idParams,
  body: launchBody.pick({ prompt: true }),
  output: run,
  status: 201,
  errors: [
    'NOT_FOUND',
    'RUN_NOT_ENDED',
    'RUN_NOT_RESUMABLE',
    'AGENT_PAUSED',
    'AGENT_ARCHIVED',
    'BUDGET_EXHAUSTED',
    'LIMIT_REACHED'
  ]
})
