import type { Assignment } from '#contract/runners/runner-protocol'
import { readJsonLine } from '../json-lines.ts'
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
} from '../runtime.ts'
import { isRecord, numberOrNull } from '../values.ts'
import { Approvals } from './approvals.ts'
import { BackgroundTasks, isTaskLine } from './background.ts'
import { type ApiTrouble, failureOfResult } from './failures.ts'
import { McpStart } from './mcp-start.ts'
import { Meter } from './meter.ts'
import {
  type AssistantLine,
  type ClaudeLine,
  type ContentBlock,
  type ControlResponseLine,
  claudeLine,
  claudeUsage,
  controlMessage,
  type ResultLine,
  type StreamLine,
  type SystemLine,
  type UserLine,
  userMessage
} from './protocol.ts'
import { readSystem, unknownLine } from './system-lines.ts'
import { contentText, readToolResult } from './tool-results.ts'
import { toolArgument, toolKind } from './tools.ts'

/** A turn of its own that the CLI owes is not waited for longer than this: it may have told the model meanwhile. */
const owedMs = 5000

/** One `claude` process in two-way stream-json mode. */
export class ClaudeDriver implements Driver {
  private readonly prompt: string
  /** Of the prompt, until it is said. */
  private images: readonly AgentImage[] = []
  private readonly meter: Meter
  private readonly approvals = new Approvals()
  private readonly tasks = new BackgroundTasks()
  private readonly mcp: McpStart
  private readonly changes = new Map<string, string>()
  private cwd: string | null
  private model: string | null = null
  private ending: Ending | null = null
  private trouble: ApiTrouble = { status: null, word: null }
  private retrying = false
  private requests = 0
  /** What was said last of what the run waits for. */
  private told: string | null = null
  /** Between two turns, while something is still to come. */
  private idle = false
  /** Messages that no result has answered. */
  private unanswered = 0

  constructor(assignment: Assignment) {
    this.prompt = assignment.prompt
    this.cwd = assignment.cwd
    this.meter = new Meter(assignment.resume?.totals ?? null)
    this.mcp = new McpStart(assignment.mcpServers)
  }

  start(images: readonly AgentImage[] = []): Signal[] {
    this.images = images
    return this.mcp.over ? this.sayPrompt() : this.mcp.begin(this.look())
  }

  lines(batch: string[]): Signal[] {
    return batch.flatMap(line => this.line(line))
  }

  errorLines(): Signal[] {
    // stderr of this CLI is chatter; its last lines reach the user if it crashes.
    return []
  }

  answer(answer: Answer): Signal[] {
    // Asking changed what the run says of itself.
    this.told = null
    return [...this.approvals.answer(answer), ...(this.idle ? this.waits() : [])]
  }

  message(text: string, images: readonly AgentImage[] = []): Signal[] {
    return [...this.busy(), ...this.say(text, images)]
  }

  private sayPrompt(): Signal[] {
    const images = this.images
    this.images = []
    return this.say(this.prompt, images)
  }

  private say(text: string, images: readonly AgentImage[]): Signal[] {
    this.ending = null
    this.unanswered++
    return [{ type: 'write', line: userMessage(text, images) }]
  }

  interrupt(): Signal[] {
    return [this.control('interrupt', { subtype: 'interrupt' })]
  }

  adjust({ permissionMode, model }: Adjustment): Signal[] {
    const signals: Signal[] = []
    if (permissionMode !== null) {
      const request = { subtype: 'set_permission_mode', mode: permissionMode }
      signals.push(this.control('permission mode', request))
    }
    if (model !== null) signals.push(this.control('model', { subtype: 'set_model', model }))
    return signals
  }

  alarm(): Signal[] {
    if (!this.mcp.over) return this.prompted(this.mcp.rang(this.look()))
    if (!this.idle || this.tasks.waitsFor !== null) return []
    this.tasks.turnBegan()
    this.unanswered = 0
    return this.turnOver()
  }

  end(exit: Exit): Ending {
    const cut = this.tasks.waitsFor
    if (this.ending?.outcome === 'SUCCEEDED' && cut !== null) {
      const message = `Claude Code ended while this was still at work: ${cut}`
      return { ...this.ending, outcome: 'FAILED', error: { code: 'WORK_CUT_OFF', message } }
    }
    if (this.ending !== null) return this.ending
    if (/cannot be used with root/.test(exit.stderr)) return failed('PERMISSION_MODE_REFUSED', exit.stderr.trim())
    return endedWithoutResult('Claude Code', exit)
  }

  private control(what: string, request: Record<string, unknown>): Signal {
    const id = `flotilla-${++this.requests}`
    this.changes.set(id, what)
    return { type: 'write', line: controlMessage(id, request) }
  }

  private line(text: string): Signal[] {
    const read = readJsonLine(claudeLine, text)
    switch (read.type) {
      case 'blank':
        return []
      case 'text':
        return [{ type: 'output', subtype: 'output', text }]
      case 'unknown':
        return unknownLine(read.json)
      case 'line':
        return this.read(read.line)
    }
  }

  private read(line: ClaudeLine): Signal[] {
    switch (line.type) {
      case 'assistant':
        return [...this.backAgain(), ...this.assistant(line)]
      case 'user':
        return this.user(line)
      case 'system':
        return this.system(line)
      case 'stream_event':
        return [...this.backAgain(), ...this.stream(line)]
      case 'result':
        return [...this.backAgain(), ...this.result(line)]
      case 'control_request':
        return this.approvals.request(line)
      case 'control_cancel_request':
        return this.approvals.withdraw(line.request_id)
      case 'control_response':
        return this.controlResponse(line)
    }
  }

  /** The turn is over; the run is when nothing is to come of itself. */
  private turnOver(): Signal[] {
    this.idle = this.tasks.waitsFor !== null || this.tasks.owed || this.unanswered > 0
    return [...(this.idle ? this.waits() : this.tell(null)), { type: 'turn', open: this.idle }]
  }

  private waits(): Signal[] {
    const { waitsFor } = this.tasks
    if (waitsFor !== null) return this.tell(`Waits for: ${waitsFor}`)
    return [...this.tell('Waits for the agent to read what its background work came to'), { type: 'alarm', ms: owedMs }]
  }

  /** A turn begins. */
  private busy(): Signal[] {
    if (!this.idle) return []
    this.idle = false
    this.tasks.turnBegan()
    return [...this.tell(null), { type: 'working' }]
  }

  private tell(reason: string | null): Signal[] {
    if (reason === this.told) return []
    this.told = reason
    return [{ type: 'reason', reason: reason?.slice(0, 900) ?? null }]
  }

  private look(): Signal {
    return this.control('mcp', { subtype: 'mcp_status' })
  }

  /** After the servers the prompt. */
  private prompted(signals: Signal[]): Signal[] {
    return this.mcp.over ? [...signals, ...this.sayPrompt()] : signals
  }

  private backAgain(): Signal[] {
    if (!this.retrying) return []
    this.retrying = false
    return [{ type: 'reason', reason: null }]
  }

  private assistant(line: AssistantLine): Signal[] {
    const parent = line.parent_tool_use_id ?? null
    if (line.message.model === '<synthetic>') {
      // Not the model's words: the CLI's account of an API error, which the result repeats.
      this.trouble.word = line.error ?? this.trouble.word
      return line.error == null ? [systemEvent('note', contentText(line.message.content))] : []
    }
    const signals = line.message.content.flatMap(block => {
      const name = this.meter.blockFinished(parent ?? '', line.message.id)
      return this.block(block, name, parent)
    })
    const facts = this.meter.context(parent ?? '', line.message.usage)
    return Object.keys(facts).length === 0 ? signals : [...signals, { type: 'facts', facts }]
  }

  private block(block: ContentBlock, name: string, parent: string | null): Signal[] {
    switch (block.type) {
      case 'text':
        return [{ type: 'event', kind: 'assistant', message: String(block.text ?? ''), data: { block: name, parent } }]
      case 'thinking': {
        const message = String(block.thinking ?? '')
        return message === '' ? [] : [{ type: 'event', kind: 'thinking', message, data: { block: name, parent } }]
      }
      case 'tool_use':
        return [this.toolUse(block, parent)]
      default:
        return [systemEvent(block.type, block.type.replaceAll('_', ' '), { parent, content: block })]
    }
  }

  private toolUse(block: ContentBlock, parent: string | null): Signal {
    const tool = String(block.name ?? '')
    const input = isRecord(block.input) ? block.input : {}
    const toolUseId = String(block.id ?? '')
    this.approvals.toolUsed(toolUseId, tool, input)
    this.tasks.toolUsed(toolUseId, input, parent)
    const argument = toolArgument(tool, input, this.cwd)
    const message = [tool, argument?.split('\n')[0]?.slice(0, 200)].filter(Boolean).join(' ')
    return {
      type: 'event',
      kind: 'tool_use',
      message,
      data: { toolUseId, tool, toolKind: toolKind(tool), argument, input, parent }
    }
  }

  private user(line: UserLine): Signal[] {
    const parent = line.parent_tool_use_id ?? null
    const content = line.message.content
    const blocks: ContentBlock[] = typeof content === 'string' ? [{ type: 'text', text: content }] : content
    return blocks.flatMap((block): Signal[] => {
      if (block.type === 'tool_result') {
        const data = readToolResult(block, line.tool_use_result, parent)
        this.approvals.toolDone(data.toolUseId)
        const event = { type: 'event', kind: 'tool_result', message: firstLine(data.text), data } as const
        return [event, ...this.tasks.toolDone(data.toolUseId)]
      }
      const text = contentText([block])
      if (text.startsWith('[Request interrupted')) return [systemEvent('interrupted', 'Interrupted')]
      // The prompt of a sub-agent already stands in the input of the call that started it.
      return parent === null ? [systemEvent('note', text.replace(/<\/?local-command-stdout>/g, ''))] : []
    })
  }

  private system(line: SystemLine): Signal[] {
    if (isTaskLine(line)) return this.task(line)
    if (line.subtype === 'init') return [...this.busy(), ...this.init(line)]
    if (line.subtype === 'api_retry') {
      this.retrying = true
      this.trouble = { status: numberOrNull(line.error_status), word: String(line.error ?? '') || null }
    }
    return readSystem(line)
  }

  private task(line: SystemLine): Signal[] {
    const before = this.tasks.waitsFor
    const signals = this.tasks.read(line)
    return this.idle && this.tasks.waitsFor !== before ? [...signals, ...this.waits()] : signals
  }

  private init(line: SystemLine): Signal[] {
    const before = this.model
    if (typeof line.cwd === 'string') this.cwd = line.cwd
    if (typeof line.model === 'string') this.model = line.model
    this.meter.version(line.claude_code_version)
    // Every turn begins with this line; only the first and a change are news.
    const signals = readSystem(line)
    return before === this.model ? signals.filter(signal => signal.type === 'facts') : signals
  }

  private stream(line: StreamLine): Signal[] {
    const parent = line.parent_tool_use_id ?? ''
    const { event } = line
    switch (event.type) {
      case 'message_start': {
        const message = isRecord(event.message) ? event.message : {}
        const usage = claudeUsage.safeParse(message.usage)
        if (!usage.success) return []
        return [{ type: 'facts', facts: this.meter.messageStarted(parent, String(message.id ?? ''), usage.data) }]
      }
      case 'content_block_start':
        this.meter.blockStarted(parent, numberOrNull(event.index) ?? 0)
        return []
      case 'content_block_delta':
        return this.delta(isRecord(event.delta) ? event.delta : {}, parent)
      case 'message_delta': {
        const output = isRecord(event.usage) ? numberOrNull(event.usage.output_tokens) : null
        return output === null ? [] : [{ type: 'facts', facts: this.meter.messageGrew(parent, output) }]
      }
      default:
        return []
    }
  }

  private delta(delta: Record<string, unknown>, parent: string): Signal[] {
    const block = this.meter.streamingBlock(parent)
    const text = delta.text ?? delta.thinking
    if (block === null || typeof text !== 'string' || text === '') return []
    const kind = delta.type === 'thinking_delta' ? 'thinking' : 'assistant'
    return [{ type: 'delta', delta: { block, kind, text, parent: parent === '' ? null : parent } }]
  }

  private result(line: ResultLine): Signal[] {
    const facts = this.meter.turnEnded(line, this.model)
    const usage = {
      inputTokens: line.usage.input_tokens,
      outputTokens: line.usage.output_tokens,
      cacheReadTokens: line.usage.cache_read_input_tokens,
      cacheWriteTokens: line.usage.cache_creation_input_tokens
    }
    const data = { usage, costUsd: line.total_cost_usd ?? null, turns: line.num_turns, durationMs: line.duration_ms }
    const message = `${usage.inputTokens} tokens in, ${usage.outputTokens} out`
    const spent = usage.inputTokens + usage.outputTokens > 0
    if (line.origin?.kind !== 'task-notification') this.unanswered = Math.max(0, this.unanswered - 1)
    return [
      { type: 'facts', facts },
      ...(spent ? [{ type: 'event', kind: 'usage', message, data } as const] : []),
      ...this.outcome(line)
    ]
  }

  private outcome(line: ResultLine): Signal[] {
    if (line.terminal_reason?.startsWith('aborted')) {
      this.ending = { outcome: 'CANCELLED', result: null, error: null }
      return this.turnOver()
    }
    if (line.is_error) {
      this.ending = { outcome: 'FAILED', result: null, error: failureOfResult(line, this.trouble) }
      return [{ type: 'over' }]
    }
    this.trouble = { status: null, word: null }
    this.ending = { outcome: 'SUCCEEDED', result: line.result ?? '', error: null }
    return this.turnOver()
  }

  private mcpStatus({ subtype, response }: ControlResponseLine['response']): Signal[] {
    if (this.mcp.over) return []
    return this.prompted(subtype === 'success' ? this.mcp.answered(response) : this.mcp.skipped())
  }

  private controlResponse({ response }: ControlResponseLine): Signal[] {
    const what = this.changes.get(response.request_id)
    this.changes.delete(response.request_id)
    if (what === 'mcp') return this.mcpStatus(response)
    if (what === undefined || response.subtype !== 'error') return []
    const message = `Claude Code refused the change (${what}): ${response.error ?? 'no reason given'}`
    return [{ type: 'event', kind: 'error', message, data: { code: 'CHANGE_REFUSED', retrying: false } }]
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.slice(0, 300) ?? ''
}
