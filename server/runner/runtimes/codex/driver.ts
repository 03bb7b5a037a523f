import type { Assignment } from '#contract/runners/runner-protocol'
import { readJsonLine } from '../json-lines.ts'
import {
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
import { Approvals } from './approvals.ts'
import { failureOf, failureOfReply, retryReason } from './failures.ts'
import { type Around, began, done, planned } from './items.ts'
import { McpStart, mcpConfig, mcpWaitMs } from './mcp.ts'
import { Meter } from './meter.ts'
import { policyOf } from './modes.ts'
import { OpenItems } from './open-items.ts'
import {
  type Asking,
  account,
  type CodexLine,
  codexLine,
  effectiveConfig,
  errorLine,
  type Item,
  initialized,
  notificationLine,
  type Response,
  requestLine,
  type Telling,
  type Told,
  threadReply,
  turnReply,
  userInputOf
} from './protocol.ts'

/** A CLI that has not taken up its thread by then hangs. */
const startMs = 60_000
const keyVariable = 'OPENAI_API_KEY'
const keyProvider = 'openai-key'
const openAi = 'https://api.openai.com/v1'

/** What we asked of Codex and it has not answered. `read` takes the answer. */
interface Open {
  what: string
  read(result: unknown): Signal[]
  /** For requests that the run can go on without. */
  otherwise?: (message: string) => Signal[]
}

/** One `codex app-server` process, on one thread. */
export class CodexDriver implements Driver {
  private readonly assignment: Assignment
  private readonly items = new OpenItems()
  private readonly approvals: Approvals
  private readonly meter = new Meter()
  private readonly mcp: McpStart
  private readonly open = new Map<number, Open>()
  /** Calls that started sub-agents, by the threads of these. */
  private readonly parents = new Map<string, string>()
  private images: readonly AgentImage[] = []
  private requests = 0
  private version = ''
  private thread: string | null = null
  private turn: string | null = null
  private plans = 0
  private begun = false
  private retrying = false
  private said = ''
  private ending: Ending | null = null

  constructor(assignment: Assignment) {
    this.assignment = assignment
    this.approvals = new Approvals(this.items, assignment.allowedTools)
    this.mcp = new McpStart(assignment.mcpServers)
  }

  start(images: readonly AgentImage[] = []): Signal[] {
    this.images = images
    const client = { clientInfo: { name: 'flotilla', title: 'Flotilla', version: '1' }, capabilities: {} }
    const read = (result: unknown) => this.initialized(result)
    return [this.call('initialize', client, { what: 'to start', read }), { type: 'alarm', ms: startMs }]
  }

  lines(batch: string[]): Signal[] {
    return batch.flatMap(line => this.line(line))
  }

  errorLines(): Signal[] {
    // stderr of this CLI is its log; its last lines reach the user if it crashes.
    return []
  }

  answer(answer: Answer): Signal[] {
    const { signals, beside } = this.approvals.answer(answer)
    return beside === null ? signals : [...signals, ...this.steer(beside)]
  }

  message(text: string, images: readonly AgentImage[] = []): Signal[] {
    this.ending = null
    return this.say(text, images)
  }

  interrupt(): Signal[] {
    if (this.thread === null || this.turn === null) return []
    const where = { threadId: this.thread, turnId: this.turn }
    const nothing = () => []
    return [this.call('turn/interrupt', where, { what: 'the interruption', read: nothing, otherwise: nothing })]
  }

  adjust(): Signal[] {
    return []
  }

  alarm(): Signal[] {
    if (this.begun) return []
    if (this.thread !== null) return this.prompted(this.mcp.gaveUp())
    return this.fail(failed('RUNTIME_HUNG', `Codex did not start within ${startMs / 1000} s. Try again, or update it.`))
  }

  end(exit: Exit): Ending {
    return this.ending ?? endedWithoutResult('Codex', exit)
  }

  private call(method: string, params: object, open: Open): Signal {
    const id = ++this.requests
    this.open.set(id, open)
    return { type: 'write', line: requestLine(id, method, params) }
  }

  private fail(ending: Ending): Signal[] {
    this.ending = ending
    return [{ type: 'over' }]
  }

  private initialized(result: unknown): Signal[] {
    this.version = /\/(\d+\.\d+\.\d+\S*)/.exec(initialized.safeParse(result).data?.userAgent ?? '')?.[1] ?? ''
    const read = (told: unknown) => this.signedIn(told)
    return [
      { type: 'write', line: notificationLine('initialized') },
      this.call('account/read', { refreshToken: false }, { what: 'the account', read, otherwise: () => this.begin({}) })
    ]
  }

  /**
   * OpenAI's own models need a sign-in, which is kept in a file, or a key, which Codex takes from the environment only for
   * a provider that names its variable. A key that was given to this agent goes before a sign-in.
   */
  private signedIn(result: unknown): Signal[] {
    const told = account.safeParse(result).data
    const given = this.assignment.env[keyVariable] !== undefined
    if (told?.requiresOpenaiAuth !== true || (told.account != null && !given)) return this.begin({})
    const read = (config: unknown) => this.begin(byKey(effectiveConfig.safeParse(config).data?.config.openai_base_url))
    const otherwise = () => this.begin(byKey(null))
    return [this.call('config/read', { includeLayers: false }, { what: 'the settings', read, otherwise })]
  }

  private begin(provider: { modelProvider?: string; config?: object }): Signal[] {
    const { cwd, model, permissionMode, instructions, mcpServers, resume } = this.assignment
    const config = {
      ...provider.config,
      ...(mcpServers.length === 0 ? {} : { mcp_servers: mcpConfig(mcpServers) })
    }
    const settings = {
      cwd,
      ...policyOf[permissionMode],
      // Whatever the user's settings say: it is a person who is asked.
      approvalsReviewer: 'user',
      ...(model === null ? {} : { model }),
      ...(provider.modelProvider === undefined ? {} : { modelProvider: provider.modelProvider }),
      ...(instructions === '' ? {} : { developerInstructions: instructions }),
      config
    }
    const read = (result: unknown) => this.threadBegan(result)
    if (resume === null) return [this.call('thread/start', settings, { what: 'to begin a session', read })]
    const continued = { ...settings, threadId: resume.sessionId, excludeTurns: true }
    const method = resume.fork ? 'thread/fork' : 'thread/resume'
    return [this.call(method, continued, { what: 'to continue the session', read })]
  }

  private threadBegan(result: unknown): Signal[] {
    const reply = threadReply.safeParse(result).data
    if (reply === undefined) return this.fail(failed('PROTOCOL_BROKEN', 'Codex began a session that cannot be read'))
    this.thread = reply.thread.id
    this.meter.threadIs(reply.thread.id)
    const model = reply.model ?? this.assignment.model
    const { permissionMode, mcpServers } = this.assignment
    const data = { model, version: this.version, mcpServers: mcpServers.map(({ name }) => ({ name })) }
    const facts = { sessionId: this.thread, permissionMode, ...(model === null ? {} : { model }) }
    const signals: Signal[] = [
      { type: 'facts', facts },
      systemEvent('init', [`Codex ${this.version}`, model].filter(Boolean).join(', '), data)
    ]
    if (this.mcp.over) return this.prompted(signals)
    return [...signals, ...this.mcp.waits(), { type: 'alarm', ms: mcpWaitMs }]
  }

  /** After the servers the prompt. */
  private prompted(signals: Signal[]): Signal[] {
    if (!this.mcp.over || this.thread === null || this.begun) return signals
    const { images } = this
    this.images = []
    return [...signals, ...this.say(this.assignment.prompt, images)]
  }

  private say(text: string, images: readonly AgentImage[]): Signal[] {
    this.begun = true
    this.said = ''
    const input = userInputOf(text, images)
    const read = (result: unknown) => {
      const turn = turnReply.safeParse(result).data?.turn.id
      return turn === undefined ? [] : this.turnBegan(turn)
    }
    return [this.call('turn/start', { threadId: this.thread, input }, { what: 'the prompt', read })]
  }

  /** Words for a turn that is under way. */
  private steer(text: string): Signal[] {
    if (this.thread === null || this.turn === null) return []
    const params = { threadId: this.thread, expectedTurnId: this.turn, input: userInputOf(text) }
    const otherwise = (message: string) => [systemEvent('note', `Codex was not told "${text}": ${message}`)]
    return [this.call('turn/steer', params, { what: 'the words', read: () => [], otherwise })]
  }

  private line(text: string): Signal[] {
    const read = readJsonLine(codexLine, text)
    switch (read.type) {
      case 'line':
        return this.read(read.line)
      case 'text':
        return [{ type: 'output', subtype: 'output', text }]
      // There are dozens of kinds of news that no person needs; what counts is named in the protocol.
      case 'unknown':
      case 'blank':
        return []
    }
  }

  private read(line: CodexLine): Signal[] {
    if (isResponse(line)) return this.answeredBy(line)
    if (isAsking(line)) return this.approvals.request(line)
    if ('params' in line) return this.told(line)
    return [{ type: 'write', line: errorLine(line.id, `${line.method} is not supported`) }]
  }

  private answeredBy({ id, result, error }: Response): Signal[] {
    const open = this.open.get(Number(id))
    if (open === undefined) return []
    this.open.delete(Number(id))
    if (error === undefined) return open.read(result)
    if (open.otherwise !== undefined) return open.otherwise(error.message)
    return this.fail({ outcome: 'FAILED', result: null, error: failureOfReply(open.what, error.message) })
  }

  private told(line: Telling): Signal[] {
    switch (line.method) {
      case 'item/started':
        return [...this.backAgain(), ...this.itemBegan(line.params)]
      case 'item/completed':
        return [...this.backAgain(), ...this.itemDone(line.params)]
      case 'item/agentMessage/delta':
        return [...this.backAgain(), ...this.delta('assistant', line.params)]
      case 'item/reasoning/summaryTextDelta':
      case 'item/reasoning/textDelta':
        return [...this.backAgain(), ...this.delta('thinking', line.params)]
      case 'turn/started':
        return line.params.threadId === this.thread ? this.turnBegan(line.params.turn.id) : []
      case 'turn/completed':
        return line.params.threadId === this.thread ? this.turnOver(line.params.turn) : []
      case 'turn/plan/updated':
        return planned(`${line.params.turnId}:plan:${++this.plans}`, line.params.plan)
      case 'thread/tokenUsage/updated':
        return [{ type: 'facts', facts: this.meter.told(line.params) }]
      case 'error':
        return line.params.willRetry ? this.retry(line.params) : []
      case 'warning':
      case 'guardianWarning':
        return [systemEvent('warning', line.params.message)]
      case 'configWarning':
        return configWarning(line.params)
      case 'model/rerouted': {
        const { fromModel, toModel } = line.params
        const message = `The model API answers with ${toModel} instead of ${fromModel}`
        return [{ type: 'facts', facts: { model: toModel } }, systemEvent('model_rerouted', message)]
      }
      case 'mcpServer/startupStatus/updated':
        return this.begun ? [] : this.prompted(this.mcp.told(line.params))
      case 'serverRequest/resolved':
        return this.approvals.withdraw(line.params.requestId)
    }
  }

  private around(threadId: string): Around {
    const parent = threadId === this.thread ? null : (this.parents.get(threadId) ?? null)
    return { cwd: this.assignment.cwd, parent }
  }

  private itemBegan({ item, threadId }: Told<'item/started'>): Signal[] {
    this.items.began(item)
    this.noteAgents(item)
    return began(item, this.around(threadId))
  }

  private itemDone({ item, threadId }: Told<'item/completed'>): Signal[] {
    this.items.done(item)
    this.noteAgents(item)
    if (item.type === 'agentMessage' && threadId === this.thread) this.said = item.text
    return done(item, this.around(threadId))
  }

  private noteAgents(item: Item): void {
    if (item.type !== 'collabAgentToolCall') return
    for (const thread of item.receiverThreadIds) if (!this.parents.has(thread)) this.parents.set(thread, item.id)
  }

  private delta(
    kind: 'assistant' | 'thinking',
    { itemId, delta, threadId }: Told<'item/agentMessage/delta'>
  ): Signal[] {
    if (delta === '') return []
    return [{ type: 'delta', delta: { block: itemId, kind, text: delta, parent: this.around(threadId).parent } }]
  }

  private retry({ error }: Told<'error'>): Signal[] {
    this.retrying = true
    const { reason, status } = retryReason(error)
    return [{ type: 'reason', reason }, systemEvent('api_retry', reason, { status, retrying: true })]
  }

  private backAgain(): Signal[] {
    if (!this.retrying) return []
    this.retrying = false
    return [{ type: 'reason', reason: null }]
  }

  /** Told twice: by the answer to the prompt, and for itself. */
  private turnBegan(id: string): Signal[] {
    // A turn may be over before its own answer is read.
    if (this.turn !== id && this.meter.turnBegan(id)) this.turn = id
    return []
  }

  private turnOver({ status, error, durationMs }: Told<'turn/completed'>['turn']): Signal[] {
    this.turn = null
    const usage = this.meter.turnEnded()
    const message = `${usage.inputTokens} tokens in, ${usage.outputTokens} out`
    const data = { usage, costUsd: null, durationMs }
    const spent = usage.inputTokens + usage.outputTokens > 0
    return [
      ...this.backAgain(),
      ...this.items.cut(status === 'interrupted' ? 'Interrupted' : 'It was still at work when the turn ended'),
      ...(spent ? [{ type: 'event', kind: 'usage', message, data } as const] : []),
      ...this.outcome(status, error ?? null)
    ]
  }

  private outcome(status: string, error: Told<'error'>['error'] | null): Signal[] {
    switch (status) {
      case 'completed':
        this.ending = { outcome: 'SUCCEEDED', result: this.said, error: null }
        return [{ type: 'turn' }]
      case 'interrupted':
        this.ending = { outcome: 'CANCELLED', result: null, error: null }
        return [systemEvent('interrupted', 'Interrupted'), { type: 'turn' }]
      default: {
        const failure = error === null ? failed('MODEL_ERROR', 'Codex gave up').error : failureOf(error)
        return this.fail({ outcome: 'FAILED', result: null, error: failure })
      }
    }
  }
}

/** A provider that is OpenAI, asked with the key of the environment. */
function byKey(baseUrl: string | null | undefined): { modelProvider: string; config: object } {
  const provider = { name: 'OpenAI', base_url: baseUrl || openAi, env_key: keyVariable, wire_api: 'responses' }
  return { modelProvider: keyProvider, config: { model_providers: { [keyProvider]: provider } } }
}

/** What we brought about ourselves, and what changes nothing, is no news. */
function configWarning({ summary, details }: Told<'configWarning'>): Signal[] {
  if (/^Project-local config, hooks|could not find bubblewrap on PATH/.test(summary)) return []
  return [systemEvent('warning', [summary, details].filter(Boolean).join('\n'))]
}

function isResponse(line: CodexLine): line is Response {
  return !('method' in line) || line.method === undefined
}

function isAsking(line: Exclude<CodexLine, Response>): line is Asking {
  return 'id' in line && 'params' in line
}
