import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type MockLlm, scripted, scriptedWithin, startMockLlm } from '../../kit/mock-llm.ts'
import { findTool } from '../../kit/needs.ts'
import type { ClaudePlan } from './plan.ts'
import type { Plane } from './plane.ts'
import type { Random } from './random.ts'

/** The real Claude Code CLI in a storm, both pinned versions in turn, on the mock, with work that outlives its turns. */
export class Clis {
  private readonly mock: MockLlm
  private readonly programs: readonly string[]
  private readonly folder: string
  private readonly random: Random

  private constructor(mock: MockLlm, programs: readonly string[], folder: string, random: Random) {
    this.mock = mock
    this.programs = programs
    this.folder = folder
    this.random = random
  }

  static async start(folder: string, random: Random): Promise<Clis> {
    const programs = (['claude', 'claude-newest'] as const).map(tool => {
      const found = findTool(tool)
      if (found === undefined) throw new Error(`a long storm needs ${tool}`)
      return found
    })
    for (const name of ['home', 'project']) mkdirSync(join(folder, name))
    return new Clis(await startMockLlm(), programs, folder, random)
  }

  close(): Promise<void> {
    return this.mock.close()
  }

  /** Of a control plane that starts now: its runner finds one of the versions. */
  environment(): Record<string, string> {
    return {
      PATH: `${dirname(this.random.pick(this.programs))}:${process.env.PATH}`,
      HOME: join(this.folder, 'home'),
      IS_SANDBOX: '1',
      ANTHROPIC_BASE_URL: this.mock.url,
      ANTHROPIC_API_KEY: 'sk-ant-of-a-storm',
      CLAUDE_CODE_MAX_RETRIES: '2'
    }
  }

  /** A server that takes every connection and never says a word; every run has it until it is known as broken. */
  async addHangingMcp(plane: Plane): Promise<void> {
    const body = {
      name: 'hangs',
      transport: 'stdio',
      command: process.execPath,
      args: ['-e', 'process.stdin.resume()']
    }
    const answer = await plane.ask('POST', '/api/v1/mcps', { body })
    if (answer.status !== 201) throw new Error(`the MCP server was refused: ${answer.text}`)
  }

  launchBody(plan: ClaudePlan): Record<string, unknown> {
    const { prompt, permissionMode } = plan
    return {
      prompt,
      runtime: 'claude-code',
      model: 'haiku',
      permissionMode,
      cwd: join(this.folder, 'project'),
      timeoutSeconds: 240
    }
  }

  plan(random: Random): ClaudePlan {
    const leaves = join(this.folder, 'project', `${randomUUID()}.made`)
    const build = { command: `sleep ${random.int(1, 5)}; echo built > ${leaves}`, description: 'build' }
    const ended = { text: 'that is all' }
    switch (random.pick(['talks', 'builds', 'asks', 'delegates'] as const)) {
      case 'talks':
        return { permissionMode: 'default', prompt: scripted({ text: 'slowly', slow: 12 }), leaves: null }
      case 'builds':
        return {
          permissionMode: 'bypassPermissions',
          prompt: scripted({ tool: 'raw', name: 'Bash', input: { ...build, run_in_background: true } }, ended),
          leaves
        }
      case 'asks':
        // A person may say no: then nothing is left.
        return {
          permissionMode: 'default',
          prompt: scripted({ tool: 'write', path: leaves, content: 'x' }, ended),
          leaves: null
        }
      case 'delegates': {
        const prompt = scriptedWithin({ tool: 'sh', cmd: build.command }, { text: 'built' })
        const input = { description: 'build', prompt, subagent_type: 'general-purpose', run_in_background: true }
        return {
          permissionMode: 'bypassPermissions',
          prompt: scripted({ tool: 'raw', name: 'Agent', input }, ended),
          leaves
        }
      }
    }
  }
}
