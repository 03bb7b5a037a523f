import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { launchRun } from '#contract/runs/runs'
import { untilStatus } from '../../kit/events.ts'
import { startHeadless } from '../../kit/headless.ts'
import { scripted, startMockLlm } from '../../kit/mock-llm.ts'
import { findTool } from '../../kit/needs.ts'
import { temporaryFolder } from '../../kit/start-app.ts'
import { inTurn, type Line } from '../line.ts'

const prompt = scripted({ text: 'ok' })
const bareArgs = ['--print', prompt, '--output-format', 'stream-json', '--verbose', '--model', 'haiku']

/** The CLI itself decides most of it; what is ours is the way there, the way back, and how long we wait for its end. */
export const launch: Line = {
  name: 'launch',
  title: 'Cold launch: POST /runs → result',
  floor: 'bare `claude --print` on the same instant mock model',
  unit: 'ms',
  goal: { of: 'ratio', bound: 'at most', limit: 1.05 },
  rounds: 25,
  missing: () => (findTool('claude') ? null : 'no claude on the PATH or in FLOTILLA_TEST_CLAUDE'),
  async prepare() {
    const claude = findTool('claude') ?? ''
    const mock = await startMockLlm()
    const folder = temporaryFolder()
    const home = join(folder, 'home')
    const project = join(folder, 'project')
    for (const made of [home, project]) mkdirSync(made)
    const env = {
      PATH: `${dirname(claude)}:${process.env.PATH}`,
      HOME: home,
      SHELL: '/bin/sh',
      IS_SANDBOX: '1',
      ANTHROPIC_BASE_URL: mock.url,
      ANTHROPIC_API_KEY: 'sk-ant-of-the-bench',
      // As the product sets them: neither side may look for updates.
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1'
    }
    const { app } = await startHeadless({ args: ['--allowed-dirs', folder], env })

    async function bare(): Promise<number> {
      const startedAt = performance.now()
      const child = spawn(claude, bareArgs, { cwd: project, env, stdio: ['ignore', 'pipe', 'inherit'] })
      child.stdout.resume()
      const [code] = await once(child, 'close')
      if (code !== 0) throw new Error(`claude ended with ${code}`)
      return performance.now() - startedAt
    }

    async function ours(): Promise<number> {
      const startedAt = performance.now()
      const run = await app.call(launchRun, {
        body: { prompt, cwd: project, runtime: 'claude-code', model: 'haiku' }
      })
      await untilStatus(app, run.id, 'SUCCEEDED')
      return performance.now() - startedAt
    }

    await bare()
    await ours()
    return {
      round: inTurn(bare, ours),
      async close() {
        await app.close()
        await mock.close()
        rmSync(folder, { recursive: true, force: true })
      }
    }
  }
}
