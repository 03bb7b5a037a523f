import { z } from 'zod'
import { endpoint, idParams } from '#contract/endpoint'
import { runner as ourRunner } from '#contract/runners/runners'
import { run } from './runs.ts'

const runner = ourRunner
  .pick({
    id: true,
    name: true,
    hostname: true,
    platform: true,
    version: true,
    status: true,
    allowedDirs: true,
    runtimes: true,
    capacity: true,
    activeRuns: true,
    lastHeartbeatAt: true
  })
  .meta({ id: 'Runner' })

/** Sessions in the detail of a runner. */
export const maxSessions = 100

export const listRunners = endpoint({
  id: 'listRunners',
  method: 'GET',
  path: '/api/v1/runners',
  tag: 'runners',
  summary: 'Your runners, online ones first',
  scope: 'read',
  output: z.object({ data: z.array(runner) })
})

export const getRunner = endpoint({
  id: 'getRunner',
  method: 'GET',
  path: '/api/v1/runners/:id',
  tag: 'runners',
  summary: 'A runner with its sessions',
  scope: 'read',
  params: idParams,
  output: runner
    .extend({
      sessions: z
        .array(run)
        .describe(`Those that it claimed and those that only it may, most recent first, at most ${maxSessions}`)
    })
    .meta({ id: 'RunnerWithSessions' }),
  errors: ['NOT_FOUND']
})
