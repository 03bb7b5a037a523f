import { structuredPatch } from 'diff'
import type { Hunk, ToolKind, ToolResultData } from '#contract/runs/events'
import type { EventSignal } from '../runtimes/runtime.ts'
import type { AcpAgent } from './agent.ts'
import { record, text } from './lenient.ts'
import { type AcpToolKind, blockText, type ToolCallSaid, type ToolContent } from './protocol.ts'

/** A tool call, as far as it is known. */
export interface ToolCall {
  id: string
  title: string
  name: string | null
  kind: AcpToolKind
  content: ToolContent[]
  paths: string[]
  input: unknown
  output: unknown
  /** Its `tool_use` was told; what it said of itself by then is not what came of it. */
  told: boolean
  wanted: string
}

/** How calls end that nobody told the end of. */
export type Cut = 'refused' | 'stopped' | 'forgotten'

/** Open calls that are kept; of more, the oldest are told and let go. */
const mostOpen = 1000
/** Above this, files are not compared line by line. */
const comparedChars = 400_000
const mostEdits = 5000

const kinds: Record<AcpToolKind, { kind: ToolKind; tool: string; wants: string }> = {
  read: { kind: 'read', tool: 'Read', wants: 'wants to read a file' },
  edit: { kind: 'edit', tool: 'Edit', wants: 'wants to change a file' },
  delete: { kind: 'edit', tool: 'Delete', wants: 'wants to delete a file' },
  move: { kind: 'edit', tool: 'Move', wants: 'wants to move a file' },
  search: { kind: 'search', tool: 'Search', wants: 'wants to search' },
  execute: { kind: 'command', tool: 'Command', wants: 'wants to run a command' },
  think: { kind: 'other', tool: 'Think', wants: 'wants to think' },
  fetch: { kind: 'web', tool: 'Fetch', wants: 'wants to open a web page' },
  switch_mode: { kind: 'plan', tool: 'Plan', wants: 'has a plan and asks to start' },
  other: { kind: 'other', tool: 'Tool', wants: 'wants to use a tool' }
}

export function toolOf(call: ToolCall): string {
  return (call.name ?? kinds[call.kind].tool).slice(0, 200)
}

export function wantsOf({ name, kind }: ToolCall): string {
  return kind === 'other' && name !== null ? `wants to use ${name.slice(0, 200)}` : kinds[kind].wants
}

/** The whole command, path or address; else what the agent calls it. */
export function subjectOf(call: ToolCall): string {
  return commandOf(call) ?? pathOf(call) ?? text(record(call.input)?.url) ?? call.title
}

export function commandOf({ kind, input, title }: ToolCall): string | null {
  if (kind !== 'execute') return null
  const command = record(input)?.command
  if (Array.isArray(command)) return command.join(' ')
  return text(command) ?? text(record(input)?.cmd) ?? title
}

export function pathsOf({ content, paths }: ToolCall): string[] {
  return [...new Set([...content.flatMap(item => (item.type === 'diff' ? [item.path] : [])), ...paths])]
}

function pathOf(call: ToolCall): string | null {
  const isOfFile = ['read', 'edit', 'delete', 'move'].includes(call.kind)
  return isOfFile ? (pathsOf(call)[0] ?? null) : null
}

/** The calls of a session, from what is told of them bit by bit. */
export class ToolCalls {
  private readonly open = new Map<string, ToolCall>()
  private readonly cwd: string | null
  /** The file that was written last. */
  private written: { path: string; text: string } | null = null
  private readonly agent: Pick<AcpAgent, 'toolName' | 'isPlan'>
  private readonly printed: (terminal: string) => { text: string; code: number | null } | null

  constructor(options: {
    cwd: string | null
    agent: Pick<AcpAgent, 'toolName' | 'isPlan'>
    /** What a terminal printed that we opened. */
    printed(terminal: string): { text: string; code: number | null } | null
  }) {
    this.cwd = options.cwd
    this.agent = options.agent
    this.printed = options.printed
  }

  /** Told once it is at work, or as soon as anything else happens: until then an agent may still say what it is about. */
  said(said: ToolCallSaid): EventSignal[] {
    const known = this.open.get(said.toolCallId)
    const { call, signals } = known === undefined ? this.begun(said) : { call: known, signals: [] }
    merge(call, said)
    const more = said.status == null || said.status === 'pending' ? [] : this.tell(call)
    const ended =
      said.status === 'completed' || said.status === 'failed' ? this.end(call, said.status === 'failed') : []
    return [...signals, ...more, ...ended]
  }

  /** The call that a permission is asked for, told. */
  asked(said: ToolCallSaid): { call: ToolCall; signals: EventSignal[] } {
    const signals = this.said({ ...said, status: 'pending' })
    const call = this.open.get(said.toolCallId)
    if (call === undefined) throw new Error('a call that was said is open')
    this.findPlan(call)
    return { call, signals: [...signals, ...this.tell(call)] }
  }

  /** Tells what was held back. */
  flush(): EventSignal[] {
    return [...this.open.values()].flatMap(call => this.tell(call))
  }

  /** The turn is over: nothing more will be told of these. */
  cut(why: (id: string) => Cut): EventSignal[] {
    const signals = this.flush()
    for (const call of this.open.values()) signals.push(resultOf(call, cutWords[why(call.id)]))
    this.open.clear()
    return signals
  }

  /** Some show a plan by the name of the file that they wrote it to. */
  private findPlan(call: ToolCall): void {
    const { written } = this
    if (call.kind !== 'switch_mode' || contentWords(call.content) !== '' || written === null) return
    if (call.title.includes(written.path))
      call.content = [{ type: 'content', content: { type: 'text', text: written.text } }]
  }

  private begun(said: ToolCallSaid): { call: ToolCall; signals: EventSignal[] } {
    const name = this.agent.toolName(said.toolCallId)
    const call: ToolCall = {
      id: said.toolCallId,
      title: '',
      name,
      kind: name !== null && this.agent.isPlan(name) ? 'switch_mode' : 'other',
      content: [],
      paths: [],
      input: null,
      output: null,
      told: false,
      wanted: ''
    }
    const oldest = this.open.size >= mostOpen ? this.open.values().next().value : undefined
    const signals = oldest === undefined ? [] : [...this.tell(oldest), resultOf(oldest, cutWords.forgotten)]
    if (oldest !== undefined) this.open.delete(oldest.id)
    this.open.set(call.id, call)
    return { call, signals }
  }

  private tell(call: ToolCall): EventSignal[] {
    if (call.told) return []
    call.told = true
    call.wanted = contentWords(call.content)
    const tool = toolOf(call)
    const argument = insideFolder(subjectOf(call), this.cwd) || null
    const message = [tool, argument?.split('\n')[0]?.slice(0, 200)].filter(Boolean).join(' ')
    const input = record(call.input) ?? (call.input == null ? inputOf(call) : { input: call.input })
    const data = { toolUseId: call.id, tool, toolKind: kinds[call.kind].kind, argument, input, parent: null }
    return [{ type: 'event', kind: 'tool_use', message, data }]
  }

  private end(call: ToolCall, isError: boolean): EventSignal[] {
    this.open.delete(call.id)
    const change = call.content.find(item => item.type === 'diff')
    if (change !== undefined && !isError) this.written = { path: change.path, text: change.newText }
    const terminal = call.content.find(item => item.type === 'terminal')
    const printed = terminal === undefined ? null : this.printed(terminal.terminalId)
    const words = contentWords(call.content)
    const said = words === call.wanted ? outputWords(call.output) : words
    const diff = isError ? null : diffOf(call)
    return [resultOf(call, { isError, text: said || printed?.text || '', exitCode: printed?.code ?? null, diff })]
  }
}

const cutWords: Record<Cut, Partial<ToolResultData> & { isError: boolean; text: string }> = {
  refused: { isError: true, text: 'It was refused' },
  stopped: { isError: true, text: 'It was stopped', stopped: true },
  forgotten: { isError: false, text: 'The agent did not say what came of it' }
}

function resultOf(call: ToolCall, result: Partial<ToolResultData> & { isError: boolean; text: string }): EventSignal {
  const message = result.text.split('\n', 1)[0]?.slice(0, 300) ?? ''
  const data = { exitCode: null, diff: null, parent: null, ...result, toolUseId: call.id }
  return { type: 'event', kind: 'tool_result', message, data }
}

function merge(call: ToolCall, said: ToolCallSaid): void {
  if (said.title) call.title = said.title
  if (said.name) call.name = said.name
  if (said.kind && call.kind !== 'switch_mode') call.kind = said.kind
  // An empty list at the end does not take back the diff of the question.
  if (said.content && said.content.length > 0) call.content = mergedContent(call.content, said.content)
  if (said.locations && said.locations.length > 0) call.paths = said.locations.map(({ path }) => path)
  if (said.rawInput != null) call.input = said.rawInput
  if (said.rawOutput != null) call.output = said.rawOutput
}

/** What is told at the end stands in the place of what was told before, but for the changes. */
function mergedContent(before: ToolContent[], now: ToolContent[]): ToolContent[] {
  const changes = before.filter(item => item.type === 'diff')
  return now.some(item => item.type === 'diff') ? now : [...changes, ...now]
}

/** What is asked for, in fields that every face knows how to show. */
export function inputOf(call: ToolCall): Record<string, unknown> {
  const known = record(call.input) ?? {}
  const words = contentWords(call.content)
  const command = commandOf(call)
  if (command !== null) return { ...known, command, ...(words === '' ? {} : { description: words }) }
  const change = call.content.find(item => item.type === 'diff')
  if (change !== undefined) {
    const { path, oldText, newText } = change
    return oldText
      ? { file_path: path, old_string: oldText, new_string: newText }
      : { file_path: path, content: newText }
  }
  if (Object.keys(known).length > 0) return known
  const path = pathsOf(call)[0]
  return { title: call.title, ...(path === undefined ? {} : { path }), ...(words === '' ? {} : { description: words }) }
}

export function contentWords(content: readonly ToolContent[]): string {
  return content.flatMap(item => (item.type === 'content' ? [withoutFence(blockText(item.content))] : [])).join('\n')
}

/** Agents fence plain output for an editor that shows Markdown. */
function withoutFence(words: string): string {
  return /^```\w*\n([\s\S]*?)\n?```\s*$/.exec(words)?.[1] ?? words
}

function outputWords(output: unknown): string {
  if (output == null) return ''
  return typeof output === 'string' ? output : JSON.stringify(output, null, 2)
}

function diffOf(call: ToolCall): ToolResultData['diff'] {
  const change = call.content.find(item => item.type === 'diff')
  if (change === undefined) return null
  const { path, oldText, newText } = change
  return { path, created: !oldText, hunks: hunksOf(oldText ?? '', newText) }
}

function hunksOf(before: string, after: string): Hunk[] {
  if (before.length + after.length > comparedChars) return []
  const patch = structuredPatch('', '', before, after, undefined, undefined, { maxEditLength: mostEdits })
  return (patch?.hunks ?? []).map(({ oldStart, oldLines, newStart, newLines, lines }) => ({
    oldStart,
    oldLines,
    newStart,
    newLines,
    lines: lines.filter(line => !line.startsWith('\\'))
  }))
}

function insideFolder(path: string, cwd: string | null): string {
  if (cwd === null || !path.startsWith(cwd)) return path
  const rest = path.slice(cwd.length)
  return /^[/\\]./.test(rest) ? rest.slice(1) : path
}
