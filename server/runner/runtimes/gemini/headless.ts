import type { Assignment } from '#contract/runners/runner-protocol'
import { Spoken } from '../../acp/spoken.ts'
import { readJsonLine } from '../json-lines.ts'
import {
  type Driver,
  type Ending,
  type Exit,
  endedWithoutResult,
  failed,
  type Signal,
  systemEvent
} from '../runtime.ts'
import { exitFailure, resultFailure } from './failures.ts'
import {
  type GeminiLine,
  type GeminiStats,
  geminiLine,
  type ResultLine,
  type ToolResultLine,
  type ToolUseLine
} from './protocol.ts'
import { toolArgument, toolKind } from './tools.ts'

/** One `gemini` process for one turn: it reads its prompt from stdin to its end, and says what it does. */
export class HeadlessDriver implements Driver {
  private readonly assignment: Assignment
  private readonly spoken = new Spoken()
  private said = ''
  private looped = false
  private ending: Ending | null = null

  constructor(assignment: Assignment) {
    this.assignment = assignment
  }

  start(): Signal[] {
    const { instructions, prompt } = this.assignment
    const line = instructions === '' ? prompt : `${instructions}\n\n${prompt}`
    return [{ type: 'write', line }, { type: 'over' }]
  }

  lines(batch: string[]): Signal[] {
    return batch.flatMap(line => this.line(line))
  }

  errorLines(): Signal[] {
    // stderr of this CLI is chatter; its last lines reach the user if it fails.
    return []
  }

  answer(): Signal[] {
    return []
  }

  message(): Signal[] {
    return []
  }

  interrupt(): Signal[] {
    return []
  }

  adjust(): Signal[] {
    return []
  }

  alarm(): Signal[] {
    return []
  }

  end(exit: Exit): Ending {
    const known = exitFailure(exit)
    // The exit code tells the status where the words of the result do not.
    if (this.ending?.error?.code === 'MODEL_ERROR' && known !== null)
      return failed(known.code, this.ending.error.message)
    if (this.ending !== null) return this.ending
    return known === null ? endedWithoutResult('Gemini CLI', exit) : { outcome: 'FAILED', result: null, error: known }
  }

  private line(text: string): Signal[] {
    const read = readJsonLine(geminiLine, text)
    switch (read.type) {
      case 'blank':
        return []
      case 'text':
        return [{ type: 'output', subtype: 'output', text }]
      case 'unknown':
        return unknownLine(read.json)
      case 'line':
        return read.line.type === 'message' ? this.spoke(read.line) : [...this.endWords(), ...this.read(read.line)]
    }
  }

  private spoke({ role, content }: Extract<GeminiLine, { type: 'message' }>): Signal[] {
    return role === 'assistant' ? this.keep(this.spoken.add('assistant', content, null)) : []
  }

  private read(line: Exclude<GeminiLine, { type: 'message' }>): Signal[] {
    switch (line.type) {
      case 'init':
        return [
          {
            type: 'facts',
            facts: { sessionId: line.session_id, ...(line.model === 'auto' ? {} : { model: line.model }) }
          },
          systemEvent('init', `Gemini CLI, ${line.model}`, { model: line.model })
        ]
      case 'tool_use':
        return [this.toolUse(line)]
      case 'tool_result':
        return [toolResult(line)]
      case 'error':
        this.looped ||= /loop detected/i.test(line.message)
        return [{ type: 'event', kind: 'error', message: line.message, data: { code: 'AGENT_SAID', retrying: false } }]
      case 'result':
        return this.result(line)
    }
  }

  private toolUse({ tool_name: tool, tool_id: toolUseId, parameters: input }: ToolUseLine): Signal {
    const argument = toolArgument(tool, input, this.assignment.cwd)
    const message = [tool, argument?.split('\n')[0]?.slice(0, 200)].filter(Boolean).join(' ')
    const data = { toolUseId, tool, toolKind: toolKind(tool), argument, input, parent: null }
    return { type: 'event', kind: 'tool_use', message, data }
  }

  private result(line: ResultLine): Signal[] {
    const spent = line.stats == null ? [] : usage(line.stats)
    if (line.status === 'error') {
      this.ending = { outcome: 'FAILED', result: null, error: resultFailure(line) }
      return spent
    }
    this.ending = this.looped
      ? failed(
          'LOOP_DETECTED',
          'Gemini CLI found that it repeats itself, and stopped. Follow up with what it should do instead.'
        )
      : { outcome: 'SUCCEEDED', result: this.said, error: null }
    return spent
  }

  private endWords(): Signal[] {
    return this.keep(this.spoken.end())
  }

  private keep(signals: Signal[]): Signal[] {
    for (const signal of signals) if (signal.type === 'event') this.said = signal.message
    return signals
  }
}

function toolResult({ tool_id: toolUseId, status, output, error }: ToolResultLine): Signal {
  const text = output || error?.message || ''
  const data = { toolUseId, isError: status !== 'success', text, exitCode: null, diff: null, parent: null }
  return { type: 'event', kind: 'tool_result', message: text.split('\n', 1)[0]?.slice(0, 300) ?? '', data }
}

/** Of the process, so of this turn: one that goes on in a session counts from 0. Thoughts are paid for as output. */
function usage(stats: GeminiStats): Signal[] {
  const usage = {
    inputTokens: Math.max(0, stats.input_tokens - stats.cached),
    outputTokens: Math.max(stats.output_tokens, stats.total_tokens - stats.input_tokens),
    cacheReadTokens: stats.cached,
    cacheWriteTokens: 0
  }
  if (stats.total_tokens === 0) return []
  const [most] = Object.entries(stats.models).sort(([, a], [, b]) => b.total_tokens - a.total_tokens)
  const message = `${usage.inputTokens} tokens in, ${usage.outputTokens} out`
  return [
    { type: 'facts', facts: { usage, ...(most === undefined ? {} : { model: most[0].slice(0, 200) }) } },
    { type: 'event', kind: 'usage', message, data: { usage, costUsd: null, durationMs: stats.duration_ms } }
  ]
}

/** A line of a type that a later version brought. */
function unknownLine(json: unknown): Signal[] {
  const type = (json as { type?: unknown } | null)?.type
  if (typeof type !== 'string' || type === '')
    return [{ type: 'output', subtype: 'output', text: JSON.stringify(json) }]
  return [systemEvent(type, type.replaceAll('_', ' '), { line: json })]
}
