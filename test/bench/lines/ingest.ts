import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { launchRun } from '#contract/runs/runs'
import { untilStatus } from '../../kit/events.ts'
import { startHeadless } from '../../kit/headless.ts'
import { temporaryFolder } from '../../kit/start-app.ts'
import { agentLine, eventBody } from '../events.ts'
import { inTurn, type Line } from '../line.ts'
import { ask, startProgram, stop } from '../processes.ts'

const count = 30_000

/** A control plane with a runner, and an agent that prints as fast as it is read: `cat` over a file. */
export async function preparedIngest(args: readonly string[]) {
  const folder = temporaryFolder()
  const output = join(folder, 'output.jsonl')
  const lines = Array.from({ length: count }, (_, index) => agentLine(index))
  writeFileSync(output, `${[...lines, JSON.stringify({ type: 'result', text: 'done' })].join('\n')}\n`)
  const { app } = await startHeadless({ args: ['--allowed-dirs', folder, ...args], env: { HOME: folder } })
  const command = { program: 'cat', args: [output], output: 'events' }

  async function ours(): Promise<number> {
    const run = await app.call(launchRun, { body: { prompt: 'print', cwd: folder, runtime: 'command', command } })
    const { durationMs, lastSeq } = await untilStatus(app, run.id, 'SUCCEEDED')
    if (durationMs === null || lastSeq < count) throw new Error(`only ${lastSeq} events arrived`)
    return (count / durationMs) * 1000
  }

  await ours()
  return {
    folder,
    ours,
    async close() {
      await app.close()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

/**
 * From the start of the process of the agent to the commit of its last event, through the runner (parse, redact, number), HTTP, and
 * the control plane (check, number, commit, tell).
 */
export const ingest: Line = {
  name: 'ingest',
  title: `Ingest: stdout → committed with FULL sync, ${count.toLocaleString('en')} events of 330 bytes`,
  floor: 'bare inserts of the same rows, 200 a transaction, FULL',
  unit: 'events/s',
  goal: { of: 'ratio', bound: 'at least', limit: 0.45 },
  rounds: 15,
  async prepare() {
    const { folder, ours, close } = await preparedIngest([])
    const inserts = startProgram('floors/inserts.ts', [join(folder, 'floor.db')])

    async function bare(): Promise<number> {
      const { ms } = await ask<{ ms: number }>(inserts, { count, body: eventBody(count) })
      return (count / ms) * 1000
    }

    await bare()
    return {
      round: inTurn(bare, ours),
      async close() {
        await stop(inserts)
        await close()
      }
    }
  }
}
