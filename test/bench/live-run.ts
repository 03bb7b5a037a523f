import type { Assignment } from '#contract/runners/runner-protocol'
import { launchRun } from '#contract/runs/runs'
import { readControlPlaneFile } from '../../server/store/data-folder.ts'
import { connectRunner, type RunnerClient, report } from '../kit/runner-client.ts'
import { type App, speakTo } from '../kit/start-app.ts'

/** Speaks to the control plane of a data folder. */
export function appOf(dataDir: string): Pick<App, 'request' | 'call' | 'url' | 'ownerToken'> {
  const file = readControlPlaneFile(dataDir)
  if (!file) throw new Error(`nothing runs on ${dataDir}`)
  return { ...speakTo(() => file), url: file.url, ownerToken: file.ownerToken }
}

/** Runs that a runner of ours holds, so that events can be posted for them. */
export interface LiveRuns {
  runs: Assignment[]
  caller: { runnerId: string; incarnation: string }
  /** Leases end after a minute without it. */
  renew(): Promise<void>
}

export async function liveRuns(app: Pick<App, 'call'>, count: number): Promise<LiveRuns> {
  const runner: RunnerClient = await connectRunner(app, { runtimes: [report('claude-code')], capacity: count })
  for (let i = 0; i < count; i++)
    await app.call(launchRun, { body: { prompt: 'measure', runnerId: runner.runnerId, runtime: 'claude-code' } })
  const runs = await runner.claim(count)
  if (runs.length < count) throw new Error(`${runs.length} of ${count} runs were claimed`)
  return {
    runs,
    caller: { runnerId: runner.runnerId, incarnation: runner.incarnation },
    async renew() {
      await runner.commands({ active: runs })
    }
  }
}
