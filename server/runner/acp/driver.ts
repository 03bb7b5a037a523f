import type { Assignment } from '#contract/runners/runner-protocol'
import type { PermissionMode, RunFailure } from '#contract/runs/runs'
import { readJsonLine } from '../runtimes/json-lines.ts'
import type { PlaceReply } from '../runtimes/requests.ts'
import {
  type Adjustment,
  type AgentImage,
  type Answer,
  type Driver,
  type Ending,
  type Exit,
  endedWithoutResult,
  type Signal,
  systemEvent
} from '../runtimes/runtime.ts'
import { type AcpAgent, ownMode } from './agent.ts'
import { Calls, type Replied } from './calls.ts'
import { failureOfStop, rpcFailure } from './failures.ts'
import { takenServers } from './mcp.ts'
import { Meter } from './meter.ts'
import { Permissions } from './permissions.ts'
import { PlaceAsks } from './place-asks.ts'
import {
  cancelAsked,
  cancelLine,
  errorLine,
  type Initialized,
  initialized,
  permissionAsked,
  prompted,
  protocolVersion,
  type RpcId,
  type RpcLine,
  rpcCodes,
  rpcLine,
  type SessionState,
  sessionState,
  update,
  updated
} from './protocol.ts'
import { SessionChoices } from './session-choices.ts'
import { SessionUpdates } from './session-updates.ts'

/** An agent that has not answered after this long will not. */
const handshakeMs = 60_000
/** An agent that was asked to stop its turn and has not, after this long: that is told. */
const stoppingMs = 10_000

/** One agent that speaks ACP v1 over its stdin and stdout. */
export class AcpDriver implements Driver {
  private readonly assignment: Assignment
  private readonly agent: AcpAgent
  private readonly permissions: Permissions
  private readonly place: PlaceAsks
  private readonly meter: Meter
  private readonly updates: SessionUpdates
  private readonly calls = new Calls()
  private readonly choices: SessionChoices
  private images: readonly AgentImage[] = []
  private can: Initialized['agentCapabilities'] | null = null
  private session: string | null = null
  private ending: Ending | null = null
  private phase: 'starting' | 'idle' | 'busy' | 'stopping' = 'starting'
  private first = true
  /** Interrupted before it was prompted. */
  private stopped = false

  constructor(assignment: Assignment, agent: AcpAgent) {
    const { cwd, permissionMode, allowedTools, resume } = assignment
    this.assignment = assignment
    this.agent = agent
    this.permissions = new Permissions({ mode: permissionMode, allowedTools, cwd })
    this.place = new PlaceAsks(this.permissions)
    this.meter = new Meter(resume?.totals ?? null)
    this.choices = new SessionChoices(agent)
    this.updates = new SessionUpdates({ agent, cwd, meter: this.meter, choices: this.choices, place: this.place })
  }

  start(images: readonly AgentImage[] = []): Signal[] {
    this.images = images
    const fs = { readTextFile: this.agent.usesPlace, writeTextFile: this.agent.usesPlace }
    const params = {
      protocolVersion,
      clientCapabilities: { fs, terminal: this.agent.usesPlace },
      clientInfo: { name: 'flotilla', title: 'Flotilla', version: '1' }
    }
    const line = this.calls.ask('initialize', params, reply => this.initialized(reply))
    return [line, { type: 'alarm', ms: handshakeMs }]
  }

  lines(batch: string[]): Signal[] {
    return batch.flatMap(line => this.line(line))
  }

  errorLines(): Signal[] {
    // Agents log there; its last lines reach the user if it crashes.
    return []
  }

  answer(answer: Answer): Signal[] {
    return this.permissions.answer(answer)
  }

  message(text: string, images: readonly AgentImage[] = []): Signal[] {
    return this.prompt(text, images)
  }

  interrupt(): Signal[] {
    // Its prompt is not said then.
    if (this.phase === 'starting') this.stopped = true
    if (this.session === null || this.phase !== 'busy') return []
    this.phase = 'stopping'
    return [
      { type: 'write', line: cancelLine({ sessionId: this.session }) },
      ...this.permissions.cancelAll(),
      { type: 'alarm', ms: stoppingMs }
    ]
  }

  adjust({ permissionMode, model }: Adjustment): Signal[] {
    if (this.session === null) return [refused('It has not started yet')]
    return [
      ...(permissionMode === null ? [] : this.changeMode(permissionMode, this.session)),
      ...(model === null ? [] : this.changeModel(model, this.session))
    ]
  }

  alarm(): Signal[] {
    if (this.phase === 'stopping')
      return [{ type: 'reason', reason: `${this.agent.title} was asked to stop and goes on` }]
    if (this.phase !== 'starting') return []
    return this.failed('AGENT_SILENT', `${this.agent.title} did not answer within ${handshakeMs / 1000} s of its start`)
  }

  replied(key: string, reply: PlaceReply): Signal[] {
    return this.place.replied(key, reply)
  }

  end(exit: Exit): Ending {
    if (this.ending !== null) return this.ending
    const known = this.agent.exit(exit)
    return known === null
      ? endedWithoutResult(this.agent.title, exit)
      : { outcome: 'FAILED', result: null, error: known }
  }

  private line(text: string): Signal[] {
    const read = readJsonLine(rpcLine, text)
    if (read.type === 'blank') return []
    if (read.type !== 'line') return [{ type: 'output', subtype: 'output', text }]
    const { id, method } = read.line
    if (method !== undefined) return id == null ? this.notified(method, read.line) : this.asked(id, method, read.line)
    if (id == null) return [{ type: 'output', subtype: 'output', text }]
    return this.calls.answered(id, read.line)
  }

  private notified(method: string, { params }: RpcLine): Signal[] {
    if (method === '$/cancel_request') {
      const parsed = cancelAsked.safeParse(params)
      return parsed.success ? this.permissions.withdraw(parsed.data.requestId) : []
    }
    const parsed = method === 'session/update' ? updated.safeParse(params) : null
    if (!parsed?.success || parsed.data.sessionId !== this.session) return []
    const said = update.safeParse(parsed.data.update)
    // What a later version brought, and what agents replay of a session before its prompt.
    return said.success ? this.updates.read(said.data, this.phase === 'busy' || this.phase === 'stopping') : []
  }

  private asked(id: RpcId, method: string, { params }: RpcLine): Signal[] {
    if (method === 'session/request_permission') return this.permissionAsked(id, params)
    const place = this.agent.usesPlace ? this.place.asked(id, method, params) : null
    return place ?? [{ type: 'write', line: errorLine(id, rpcCodes.methodNotFound, `Method not found: ${method}`) }]
  }

  private permissionAsked(id: RpcId, params: unknown): Signal[] {
    const parsed = permissionAsked.safeParse(params)
    if (!parsed.success || parsed.data.sessionId !== this.session)
      return [{ type: 'write', line: errorLine(id, rpcCodes.invalidParams, 'Invalid params') }]
    const { call, signals } = this.updates.asked(parsed.data.toolCall)
    // Between two turns nobody is at work, and while one is being stopped nothing more is granted.
    if (this.phase !== 'busy') {
      const line = errorLine(id, rpcCodes.internal, 'No prompt is being answered')
      return [...signals, { type: 'write', line }]
    }
    return [...signals, ...this.permissions.ask(id, call, parsed.data.options)]
  }

  private initialized(reply: Replied): Signal[] {
    if ('failure' in reply) return this.failedBy(reply.failure)
    const parsed = initialized.safeParse(reply.result)
    const { title } = this.agent
    if (!parsed.success) return this.failed('PROTOCOL_ERROR', `${title} does not speak ACP`)
    if (parsed.data.protocolVersion !== protocolVersion) {
      const message = `${title} speaks ACP ${parsed.data.protocolVersion}; Flotilla speaks version ${protocolVersion}`
      return this.failed('PROTOCOL_ERROR', message)
    }
    this.can = parsed.data.agentCapabilities
    this.updates.introduced(parsed.data.agentInfo)
    return this.openSession(parsed.data.agentCapabilities)
  }

  private openSession(can: Initialized['agentCapabilities']): Signal[] {
    const { resume, cwd, mcpServers } = this.assignment
    const { servers, signals } = takenServers(mcpServers, can.mcpCapabilities, this.agent.noServers)
    const params = { cwd: cwd ?? '/', mcpServers: servers }
    const opened = (id: string | null) => (reply: Replied) => this.opened(reply, id)
    if (resume === null) return [...signals, this.calls.ask('session/new', params, opened(null))]
    const { sessionId } = resume
    if (this.agent.resume !== 'resume') {
      const name = this.agent.resume.load(sessionId)
      this.session = name
      return [...signals, this.calls.ask('session/load', { ...params, sessionId: name }, opened(name))]
    }
    if (can.sessionCapabilities.resume == null) {
      const message = `${this.agent.title} cannot continue a session. Start a new run.`
      return this.failed('RUN_NOT_RESUMABLE', message)
    }
    this.session = sessionId
    return [...signals, this.calls.ask('session/resume', { ...params, sessionId }, opened(sessionId))]
  }

  private opened(reply: Replied, known: string | null): Signal[] {
    if ('failure' in reply) return known === null ? this.failedBy(reply.failure) : this.sessionMissing(reply.failure)
    const parsed = sessionState.safeParse(reply.result ?? {})
    const session = known ?? (parsed.success ? parsed.data.sessionId : null)
    if (!parsed.success || !session) return this.failed('PROTOCOL_ERROR', `${this.agent.title} opened no session`)
    this.session = session
    const sessionId = this.assignment.resume?.sessionId ?? session
    return [{ type: 'facts', facts: { sessionId } }, ...this.prepare(session, parsed.data)]
  }

  /** Mode and model first: what is asked for must hold for the first word. */
  private prepare(session: string, state: SessionState): Signal[] {
    const { model, permissionMode } = this.assignment
    const facts = this.choices.opened(state)
    const mode = this.choices.modeFor(ownMode(permissionMode))
    if (mode === null && permissionMode === 'plan')
      return this.failed('PERMISSION_MODE_REFUSED', `${this.agent.title} has no mode in which it only plans`)
    const begin = () => this.prompt(this.assignment.prompt, this.images)
    const setModel = () => (model === null || this.agent.modelIsGiven ? begin() : this.setModel(model, session, begin))
    if (mode === null) return [...facts, ...setModel()]
    const done = (reply: Replied) =>
      'failure' in reply ? this.failed('PERMISSION_MODE_REFUSED', reply.failure.message) : setModel()
    return [...facts, this.calls.ask('session/set_mode', { sessionId: session, modeId: mode }, done)]
  }

  private setModel(model: string, session: string, then: () => Signal[]): Signal[] {
    const option = this.choices.modelOption(model)
    if (option === 'taken') return then()
    if (option === null) {
      const said = systemEvent('note', `${this.agent.title} does not let its model be chosen; it goes on with its own`)
      return [said, ...then()]
    }
    const params = { sessionId: session, configId: option, value: model }
    return [
      this.calls.ask('session/set_config_option', params, reply =>
        'failure' in reply
          ? this.failed('INVALID_MODEL_REQUEST', `${this.agent.title} refused ${model}: ${reply.failure.message}`)
          : [{ type: 'facts', facts: { model } }, ...then()]
      )
    ]
  }

  private prompt(text: string, images: readonly AgentImage[]): Signal[] {
    if (this.session === null) return []
    if (this.stopped) {
      this.stopped = false
      this.phase = 'idle'
      return this.interrupted()
    }
    const { instructions } = this.assignment
    const taken = this.can?.promptCapabilities.image === true ? images : []
    const blocks = [
      ...taken.map(({ mediaType, data }) => ({ type: 'image' as const, mimeType: mediaType, data })),
      ...(this.first && instructions !== '' ? [{ type: 'text' as const, text: instructions }] : []),
      { type: 'text' as const, text }
    ]
    this.first = false
    this.phase = 'busy'
    this.ending = null
    const params = { sessionId: this.session, prompt: blocks }
    const left = images.length - taken.length
    return [
      ...(left > 0 ? [systemEvent('note', `${this.agent.title} takes no images; it was given the words alone`)] : []),
      this.calls.ask('session/prompt', params, reply => this.answeredPrompt(reply))
    ]
  }

  private answeredPrompt(reply: Replied): Signal[] {
    const wasStopping = this.phase === 'stopping'
    this.phase = 'idle'
    const taken = this.permissions.cancelAll()
    const cut = this.updates.turnEnded(id => this.cutOf(id, wasStopping))
    this.permissions.turnEnded()
    const before = [...taken, ...cut.signals]
    if ('failure' in reply)
      return wasStopping ? [...before, ...this.interrupted()] : [...before, ...this.failedBy(reply.failure)]
    const parsed = prompted.safeParse(reply.result)
    if (!parsed.success)
      return [...before, ...this.failed('PROTOCOL_ERROR', `${this.agent.title} ended its turn in no known way`)]
    const spent = this.spent(parsed.data)
    if (parsed.data.stopReason === 'cancelled') return [...before, ...spent, ...this.interrupted()]
    const failure = failureOfStop(this.agent.title, parsed.data.stopReason)
    if (failure !== null) return [...before, ...spent, ...this.fail(failure)]
    this.ending = { outcome: 'SUCCEEDED', result: cut.said, error: null }
    return [...before, ...spent, { type: 'turn' }]
  }

  private cutOf(id: string, stopped: boolean) {
    if (this.permissions.wasRefused(id)) return 'refused'
    return stopped ? 'stopped' : 'forgotten'
  }

  private spent(told: Parameters<AcpAgent['usage']>[0]): Signal[] {
    const { usage, model } = this.agent.usage(told)
    const events = this.meter.prompted(usage)
    const facts = { ...this.meter.facts(), ...(model === null ? {} : { model }) }
    return Object.keys(facts).length === 0 ? events : [{ type: 'facts', facts }, ...events]
  }

  private interrupted(): Signal[] {
    this.ending = { outcome: 'CANCELLED', result: null, error: null }
    return [systemEvent('interrupted', 'Interrupted'), { type: 'reason', reason: null }, { type: 'turn' }]
  }

  private changeMode(permissionMode: PermissionMode, session: string): Signal[] {
    const mode = this.choices.modeFor(ownMode(permissionMode))
    const held: Signal[] = [{ type: 'facts', facts: { permissionMode: this.permissions.mode } }]
    if (mode === null && permissionMode === 'plan') return [refused('it has no mode in which it only plans'), ...held]
    const taken = (): Signal[] => {
      this.permissions.mode = permissionMode
      return [{ type: 'facts', facts: { permissionMode } }]
    }
    if (mode === null) return taken()
    return [
      this.calls.ask('session/set_mode', { sessionId: session, modeId: mode }, reply =>
        'failure' in reply ? [refused(reply.failure.message), ...held] : [...this.choices.modeIs(mode), ...taken()]
      )
    ]
  }

  private changeModel(model: string, session: string): Signal[] {
    const option = this.choices.modelOption(model)
    if (option === 'taken') return []
    const before = this.choices.model ?? this.assignment.model
    const held: Signal[] = before === null ? [] : [{ type: 'facts', facts: { model: before } }]
    if (option === null) return [refused('it does not let its model be changed while it runs'), ...held]
    return [
      this.calls.ask('session/set_config_option', { sessionId: session, configId: option, value: model }, reply =>
        'failure' in reply ? [refused(reply.failure.message), ...held] : [{ type: 'facts', facts: { model } }]
      )
    ]
  }

  private sessionMissing(failure: Parameters<typeof rpcFailure>[1]): Signal[] {
    const { code, message } = rpcFailure(this.agent.title, failure)
    if (code !== 'AGENT_FAILED') return this.failed(code, message)
    const advice = 'The session is not on this machine any more, or belongs to another folder. Start a new run.'
    return this.failed('SESSION_MISSING', `${message}\n${advice}`)
  }

  private failedBy(failure: Parameters<typeof rpcFailure>[1]): Signal[] {
    return this.fail(rpcFailure(this.agent.title, failure))
  }

  private failed(code: string, message: string): Signal[] {
    return this.fail({ code, message })
  }

  private fail(error: RunFailure): Signal[] {
    this.ending = { outcome: 'FAILED', result: null, error }
    return [{ type: 'over' }]
  }
}

function refused(why: string): Signal {
  const data = { code: 'CHANGE_REFUSED', retrying: false }
  return { type: 'event', kind: 'error', message: `The agent refused the change: ${why}`, data }
}
