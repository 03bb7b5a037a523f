import { type Signal, systemEvent } from '../runtimes/runtime.ts'
import type { AcpAgent } from './agent.ts'
import type { Meter } from './meter.ts'
import type { PlaceAsks } from './place-asks.ts'
import { blockText, type Initialized, type ToolCallSaid, type Update } from './protocol.ts'
import type { SessionChoices } from './session-choices.ts'
import { Spoken } from './spoken.ts'
import { type Cut, type ToolCall, ToolCalls } from './tool-calls.ts'

const mostCommands = 500

export interface UpdateReaders {
  agent: AcpAgent
  cwd: string | null
  meter: Meter
  choices: SessionChoices
  place: PlaceAsks
}

/** What an agent says of its session: words, tool calls, plans, and what it offers. */
export class SessionUpdates {
  private readonly with: UpdateReaders
  private readonly spoken = new Spoken()
  private readonly tools: ToolCalls
  private info: Initialized['agentInfo'] = null
  private plans = 0
  /** Last words of this turn. */
  private said = ''

  constructor(readers: UpdateReaders) {
    this.with = readers
    this.tools = new ToolCalls({
      cwd: readers.cwd,
      agent: readers.agent,
      printed: terminal => readers.place.printed(terminal)
    })
  }

  introduced(info: Initialized['agentInfo']): void {
    this.info = info
  }

  /** `working`: a prompt is being answered. What is told of words and tools before is an old conversation. */
  read(told: Update, working: boolean): Signal[] {
    switch (told.sessionUpdate) {
      case 'agent_message_chunk':
        return working ? this.words('assistant', told) : []
      case 'agent_thought_chunk':
        return working ? this.words('thinking', told) : []
      case 'tool_call':
      case 'tool_call_update':
        return working ? [...this.endWords(), ...this.tools.said(told)] : []
      case 'plan':
        return working ? [...this.settle(), ...this.plan(told.entries)] : []
      case 'usage_update':
        return [{ type: 'facts', facts: this.with.meter.updated(told) }]
      case 'available_commands_update':
        return [this.init(told.availableCommands.map(({ name }) => name))]
      case 'current_mode_update':
        return this.with.choices.modeIs(told.currentModeId)
      case 'config_option_update':
        return this.with.choices.configured(told.configOptions)
      case 'user_message_chunk':
      case 'session_info_update':
        return []
    }
  }

  asked(said: ToolCallSaid): { call: ToolCall; signals: Signal[] } {
    const words = this.endWords()
    const { call, signals } = this.tools.asked(said)
    return { call, signals: [...words, ...signals] }
  }

  /** `said`: the last words of the turn. */
  turnEnded(why: (callId: string) => Cut): { signals: Signal[]; said: string } {
    const signals = [...this.settle(), ...this.tools.cut(why)]
    const said = this.said
    this.said = ''
    return { signals, said }
  }

  private words(kind: 'assistant' | 'thinking', told: Extract<Update, { messageId?: unknown }>): Signal[] {
    const text = blockText(told.content)
    if (this.with.agent.isNoise(text)) return []
    return [...this.tools.flush(), ...this.keep(this.spoken.add(kind, text, told.messageId ?? null))]
  }

  private settle(): Signal[] {
    return [...this.endWords(), ...this.tools.flush()]
  }

  private endWords(): Signal[] {
    return this.keep(this.spoken.end())
  }

  private keep(signals: Signal[]): Signal[] {
    for (const signal of signals) if (signal.type === 'event' && signal.kind === 'assistant') this.said = signal.message
    return signals
  }

  /** Each is the whole list anew. */
  private plan(entries: Extract<Update, { sessionUpdate: 'plan' }>['entries']): Signal[] {
    const toolUseId = `plan-${++this.plans}`
    const now = entries.find(({ status }) => status === 'in_progress') ?? entries[0]
    const argument = now?.content.slice(0, 200) ?? null
    const data = {
      toolUseId,
      tool: 'Plan',
      toolKind: 'todo',
      argument,
      input: { todos: entries },
      parent: null
    } as const
    const result = { toolUseId, isError: false, text: '', exitCode: null, diff: null, parent: null }
    return [
      { type: 'event', kind: 'tool_use', message: ['Plan', argument].filter(Boolean).join(' '), data },
      { type: 'event', kind: 'tool_result', message: '', data: result }
    ]
  }

  private init(names: string[]): Signal {
    const title = this.info?.title ?? this.info?.name ?? this.with.agent.title
    const version = this.info?.version ?? ''
    const commands = names.filter(name => name.length <= 100 && /^[^\s_]\S*$/.test(name)).slice(0, mostCommands)
    return systemEvent('init', `${title} ${version}`.trim(), { version, commands })
  }
}
