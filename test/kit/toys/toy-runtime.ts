import { z } from 'zod'
import type { Assignment } from '#contract/runners/runner-protocol'
import { readJsonLine } from '../../../server/runner/runtimes/json-lines.ts'
import type { PlaceReply } from '../../../server/runner/runtimes/requests.ts'
import {
  type Driver,
  type Ending,
  endedWithoutResult,
  type Runtime,
  type Signal
} from '../../../server/runner/runtimes/runtime.ts'

/** Asks its place for a file and for the output of a program, and says what it got. */
const program = `
const { env, stdin } = process
const say = message => console.log(JSON.stringify(message))
require('node:readline').createInterface({ input: stdin }).on('line', line => {
  const message = JSON.parse(line)
  if (message.prompt) say({ read: message.prompt })
  if (message.file !== undefined) say({ run: 'echo', args: [message.file.trim(), 'at', env.TOY ?? 'no toy'] })
  if (message.printed !== undefined) say({ done: message.printed.trim() })
})`

const spoken = z.union([
  z.object({ read: z.string() }),
  z.object({ run: z.string(), args: z.array(z.string()) }),
  z.object({ done: z.string() })
])

/** With a price that it does not know: `meter` says so. */
const spent = {
  model: 'claude-haiku-4-5',
  usage: { inputTokens: 1000, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 },
  costUsd: 99
}

class ToyDriver implements Driver {
  private readonly prompt: string
  private ending: Ending | null = null

  constructor({ prompt }: Assignment) {
    this.prompt = prompt
  }

  start(): Signal[] {
    return [write({ prompt: this.prompt })]
  }

  lines(batch: string[]): Signal[] {
    return batch.flatMap(text => {
      const read = readJsonLine(spoken, text)
      return read.type === 'line' ? this.said(read.line) : []
    })
  }

  replied(key: string, reply: PlaceReply): Signal[] {
    switch (reply.kind) {
      case 'text':
        return [write({ file: reply.text })]
      case 'opened':
        return [{ type: 'request', key, request: { kind: 'awaitTerminal', terminal: reply.terminal } }]
      case 'printed':
        return [write({ printed: reply.text })]
      case 'refused':
        return this.said({ done: reply.message })
      case 'done':
        return []
    }
  }

  end: Driver['end'] = exit => this.ending ?? endedWithoutResult('The toy', exit)
  errorLines = (): Signal[] => []
  answer = (): Signal[] => []
  message = (): Signal[] => []
  interrupt = (): Signal[] => []
  adjust = (): Signal[] => []
  alarm = (): Signal[] => []

  private said(line: z.output<typeof spoken>): Signal[] {
    if ('read' in line) return [{ type: 'request', key: 'file', request: { kind: 'readFile', path: line.read } }]
    if ('run' in line) {
      const request = { kind: 'openTerminal', file: line.run, args: line.args, env: {}, cwd: null } as const
      return [{ type: 'request', key: 'terminal', request }]
    }
    this.ending = { outcome: 'SUCCEEDED', result: line.done, error: null }
    return [
      { type: 'facts', facts: spent },
      { type: 'event', kind: 'assistant', message: line.done, data: {} },
      { type: 'turn' }
    ]
  }
}

const write = (message: object): Signal => ({ type: 'write', line: JSON.stringify(message) })

export const toy: Runtime = {
  id: 'toy',
  title: 'Toy',
  kind: 'agent',
  note: null,
  provider: null,
  meter: { price: false, cumulative: false, free: false },
  capabilities: {
    permissionModes: ['default'],
    models: [],
    resume: false,
    fork: false,
    input: false,
    interrupt: false,
    changeWhileRunning: false,
    questions: false,
    plan: false,
    images: false
  },
  cli: null,
  folderSettings: null,
  sessions: null,
  command: (_, { node }) => ({ file: node, args: ['-e', program], env: {}, stopSignal: 'SIGTERM' }),
  driver: assignment => new ToyDriver(assignment)
}
