import { fileURLToPath } from 'node:url'
import { launchRun, type Run } from '#contract/runs/runs'
import type { App } from './start-app.ts'

/** A line of the command protocol, as docs/command-protocol.md describes it. `%megabyte` in it stands for one of x's. */
interface Line extends Record<string, unknown> {
  type: string
}

/**
 * What a scripted agent does: say a line, say lines many times (`%n` counts), wait for an answer by its key, or say which
 * input came with that answer.
 */
export type Step =
  | Line
  | { type?: never; repeat: number; lines: Line[] }
  | { type?: never; answer: string }
  | { type?: never; told: string }

/** Launches a run whose agent does exactly these steps; of a named agent where `agentId` says so. */
export function play(app: Pick<App, 'call'>, prompt: string, steps: Step[], agentId?: string): Promise<Run> {
  return app.call(launchRun, {
    body: {
      prompt,
      ...(agentId === undefined ? {} : { agentId }),
      runtime: 'command',
      command: {
        program: process.execPath,
        args: [fileURLToPath(new URL('./scripted-agent.ts', import.meta.url)), JSON.stringify(steps)],
        output: 'events'
      }
    }
  })
}

/** A call and its result, as two lines. */
export function toolCall(id: string, use: Record<string, unknown>, result: Record<string, unknown>): Line[] {
  return [
    { type: 'tool_use', id, ...use },
    { type: 'tool_result', id, ...result }
  ]
}

/** A request to run a command, and the wait for its answer. */
export function askToRun(key: string, command: string): Step[] {
  return [
    {
      type: 'approval',
      key,
      tool: 'Bash',
      title: 'wants to run a command',
      subject: command,
      input: { command },
      reason: 'To see what happens.'
    },
    { answer: key }
  ]
}
