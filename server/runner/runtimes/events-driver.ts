import type { Assignment } from '#contract/runners/runner-protocol'
import { type FromAgent, fromAgent, type ToAgent } from './command-protocol.ts'
import { readJsonLine } from './json-lines.ts'
import {
  type Adjustment,
  type AgentImage,
  type Answer,
  type Driver,
  type Ending,
  type Exit,
  endedWithoutResult,
  failed,
  type Signal,
  systemEvent
} from './runtime.ts'

/** A program that speaks the JSON-lines protocol. `title` names it in failures. */
export class EventsDriver implements Driver {
  private readonly assignment: Assignment
  private readonly title: string
  private readonly asked = new Map<string, Record<string, unknown>>()
  private ending: Ending | null = null

  constructor(assignment: Assignment, title: string) {
    this.assignment = assignment
    this.title = title
  }

  start(images: readonly AgentImage[] = []): Signal[] {
    const { prompt, resume, permissionMode, model } = this.assignment
    const session = resume?.sessionId ?? null
    const fork = resume?.fork ?? false
    return [write({ type: 'prompt', text: prompt, session, fork, permissionMode, model, ...along(images) })]
  }

  lines(batch: string[]): Signal[] {
    return batch.flatMap(line => this.line(line))
  }

  errorLines(batch: string[]): Signal[] {
    return batch.length === 0 ? [] : [{ type: 'output', subtype: 'stderr', text: batch.join('\n') }]
  }

  answer({ key, allow, input, message }: Answer): Signal[] {
    const original = this.asked.get(key)
    if (original === undefined) return []
    this.asked.delete(key)
    return [write({ type: 'answer', key, allow, input: allow ? (input ?? original) : null, message })]
  }

  message(text: string, images: readonly AgentImage[] = []): Signal[] {
    this.ending = null
    return [write({ type: 'message', text, ...along(images) })]
  }

  interrupt(): Signal[] {
    return [write({ type: 'interrupt' })]
  }

  adjust(adjustment: Adjustment): Signal[] {
    const facts = adjustment.permissionMode === null ? {} : { permissionMode: adjustment.permissionMode }
    const model = adjustment.model === null ? {} : { model: adjustment.model }
    return [write({ type: 'change', ...adjustment }), { type: 'facts', facts: { ...facts, ...model } }]
  }

  alarm(): Signal[] {
    return []
  }

  end(exit: Exit): Ending {
    return this.ending ?? endedWithoutResult(this.title, exit)
  }

  private line(text: string): Signal[] {
    const read = readJsonLine(fromAgent, text)
    if (read.type === 'line') return this.read(read.line)
    return read.type === 'blank' ? [] : [{ type: 'output', subtype: 'output', text }]
  }

  private read(line: FromAgent): Signal[] {
    switch (line.type) {
      case 'text':
        return [
          { type: 'event', kind: 'assistant', message: line.text, data: { block: line.block, parent: line.parent } }
        ]
      case 'thinking':
        return [
          { type: 'event', kind: 'thinking', message: line.text, data: { block: line.block, parent: line.parent } }
        ]
      case 'delta': {
        const { block, text, parent } = line
        return [
          { type: 'delta', delta: { block, text, parent, kind: line.kind === 'thinking' ? 'thinking' : 'assistant' } }
        ]
      }
      case 'tool_use':
        return [toolUse(line)]
      case 'tool_result':
        return [toolResult(line)]
      case 'approval':
        this.asked.set(line.key, line.input)
        return [{ ...line, toolUseId: line.toolUseId ?? null, reason: line.reason ?? null }]
      case 'withdrawn':
        return this.asked.delete(line.key) ? [{ type: 'withdrawn', key: line.key }] : []
      case 'usage':
        return usage(line)
      case 'session':
        return [{ type: 'facts', facts: { sessionId: line.id } }]
      case 'waiting':
        return [{ type: 'reason', reason: line.reason }]
      case 'result':
        return this.turnEnded(line.text, line.interrupted)
      case 'error':
        this.ending = failed(line.code, line.message)
        return [{ type: 'over' }]
    }
  }

  private turnEnded(text: string, interrupted: boolean): Signal[] {
    this.ending = interrupted
      ? { outcome: 'CANCELLED', result: null, error: null }
      : { outcome: 'SUCCEEDED', result: text, error: null }
    return [...(interrupted ? [systemEvent('interrupted', 'Interrupted')] : []), { type: 'turn' }]
  }
}

function along(images: readonly AgentImage[]): { images?: AgentImage[] } {
  return images.length === 0 ? {} : { images: [...images] }
}

function write(message: ToAgent): Signal {
  return { type: 'write', line: JSON.stringify(message) }
}

type Line<T extends FromAgent['type']> = Extract<FromAgent, { type: T }>

function toolUse({ id, tool, kind, argument, input, parent }: Line<'tool_use'>): Signal {
  const message = [tool, argument?.split('\n')[0]?.slice(0, 200)].filter(Boolean).join(' ')
  const data = { toolUseId: id, tool, toolKind: kind, argument: argument ?? null, input: input ?? null, parent }
  return { type: 'event', kind: 'tool_use', message, data }
}

function toolResult({ type: _, id, ...data }: Line<'tool_result'>): Signal {
  const message = data.text.split('\n', 1)[0]?.slice(0, 300) ?? ''
  return { type: 'event', kind: 'tool_result', message, data: { toolUseId: id, ...data } }
}

function usage({ type: _, costUsd, contextUsed, contextMax, model, ...tokens }: Line<'usage'>): Signal[] {
  const facts = { usage: tokens, costUsd, contextUsed, contextMax, model }
  const message = `${tokens.inputTokens} tokens in, ${tokens.outputTokens} out`
  return [
    { type: 'facts', facts },
    { type: 'event', kind: 'usage', message, data: { usage: tokens, costUsd: costUsd ?? null } }
  ]
}
