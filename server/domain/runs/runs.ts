import { AppError, invalid, Missing } from '#contract/errors'
import type { RuntimeCapabilities } from '#contract/runners/runners'
import {
  type Continuation,
  isEnded,
  type LaunchBody,
  type PermissionMode,
  type Run,
  type RunStatus,
  runStatuses
} from '#contract/runs/runs'
import type { AgentRow } from '../../store/fleet/agents.ts'
import { imagesOf } from '../../store/runs/images.ts'
import { type NewRun, type RunFilter, type RunRow, toCommand, toRun, wishedFolder } from '../../store/runs/runs.ts'
import { type Domain, type Reading, recordChange } from '../domain.ts'
import { instructionsOf, referredAgent, requireAgent, requireWorking } from '../fleet/agents.ts'
import { reserve, sharesFor } from '../money/spending.ts'
import { seen } from '../people/sight.ts'
import { requirePlace } from '../places.ts'
import { whereItIs } from '../runners/folders.ts'
import { offer, reportOf, requirePinnable, requirePlaceable, waitingReason } from '../runners/placement.ts'
import { commandRunner, homeOf } from '../runners/runners.ts'
import { giveTask, taskOf } from '../work/task-progress.ts'
import { endRun } from './run-ending.ts'
import { holdImages, keepImages, requireImagesTaken, userEvent } from './run-images.ts'
import { appendEvents, isLive, takesInput, updateRunVisibly } from './run-moves.ts'
import { pickRuntime, requireProgram, runtimeOf } from './run-runtime.ts'
import { stopRun } from './run-stopping.ts'

/** Runs that may wait at a time; a client in a loop must not fill the disk. */
const maxQueued = 200_000

export function requireRun(domain: Reading, id: string): RunRow {
  const run = seen(domain, 'runs', domain.store.runs.byId(id))
  if (!run) throw new Missing('run', id)
  return run
}

export function getRun(domain: Reading, id: string): Run {
  return toRun(requireRun(domain, id))
}

export interface RunQuery {
  status?: string | undefined
  runtime?: string | undefined
  rootRunId?: string | undefined
  agentId?: string | undefined
  taskId?: string | undefined
  flowId?: string | undefined
  runnerId?: string | undefined
  tag?: string | undefined
  folder?: string | undefined
  search?: string | undefined
  before?: number | undefined
  limit: number
  offset: number
}

/** `total` counts what passes the filter, wherever the page begins. */
export function listRuns(domain: Domain, query: RunQuery): { items: Run[]; total: number; hasMore: boolean } {
  const filter = filterOf(domain, query)
  const rows = domain.store.runs.list({ ...filter, limit: query.limit + 1 })
  return {
    items: rows.slice(0, query.limit).map(toRun),
    total: domain.store.runs.total(filter),
    hasMore: rows.length > query.limit
  }
}

/** A page that nobody counts. */
export function latestRuns(domain: Domain, query: RunQuery): Run[] {
  return domain.store.runs.list(filterOf(domain, query)).map(toRun)
}

function filterOf(domain: Domain, query: RunQuery): RunFilter {
  return {
    statuses: query.status === undefined ? null : parseStatuses(query.status),
    runtime: query.runtime ?? null,
    rootRunId: query.rootRunId ?? null,
    agentId: query.agentId === undefined ? null : requireAgent(domain, query.agentId).id,
    taskId: query.taskId ?? null,
    flowId: query.flowId ?? null,
    runnerId: query.runnerId ?? null,
    tag: query.tag ?? null,
    folder: query.folder ?? null,
    words: query.search?.split(/\s+/).filter(Boolean) ?? [],
    sight: domain.sight,
    before: query.before ?? null,
    limit: query.limit,
    offset: query.offset
  }
}

function parseStatuses(text: string): RunStatus[] {
  return text.split(',').map(part => {
    const known = runStatuses.find(status => status === part.trim().toUpperCase())
    if (!known) throw invalid('status', `"${part}" is no run status; there are ${runStatuses.join(', ')}`)
    return known
  })
}

export interface LaunchOptions {
  trigger?: 'manual' | 'agent' | 'task' | 'flow'
  taskId?: string
  /** The flow that it is a run of, and whose it is then. */
  flow?: { id: string; ownerId: string; mcpIds: string | null; humanMinutes: number | null }
  /** Somebody waits for its end: what it asks counts as refused when nobody answers for so long. */
  answerSeconds?: number
  /** Go on in the agent's conversation, where it has one that fits and nobody uses. */
  continueConversation?: boolean
}

/** Queues a run. One transaction: the run and its first event; then a runner that may take it wakes. */
export function launchRun(domain: Domain, body: LaunchBody, options: LaunchOptions = {}): Run {
  const agent = body.agentId === undefined ? null : referredAgent(domain, 'agentId', body.agentId)
  const runtime = body.runtime === undefined && agent ? runtimeOf(domain, agent) : pickRuntime(domain, body.runtime)
  requireProgram(domain, runtime, body.command !== undefined)
  const parent = options.continueConversation ? conversationOf(domain, agent, runtime, body.cwd) : undefined
  const cwd = parent ? wishedFolder(parent) : (body.cwd ?? agent?.cwd ?? null)
  const runnerId = body.runnerId ?? parent?.runner_id
  if (!runnerId) requirePlaceable(domain, cwd)
  const place = requirePlace(domain, body.place ?? parent?.place ?? agent?.place ?? 'host')
  const pinned = runnerId ? requirePinnable(domain, runnerId, cwd).id : null
  requireImagesTaken(domain, body.images, { runtime, place, command: body.command ?? null, runnerId: pinned })
  return queueRun(domain, {
    input: body.prompt,
    images: JSON.stringify(keepImages(domain, body.images)),
    cwd,
    ...(parent ? { workspace: parent.workspace } : {}),
    alone_in: body.beside === 'wait' && cwd !== null ? whereItIs(domain, cwd) : null,
    trust: startsByItself(options.trigger) ? 'never' : body.trust,
    permission_mode: body.permissionMode ?? agent?.permission_mode ?? 'default',
    model: body.model ?? agent?.model ?? null,
    runtime,
    command: body.command ? JSON.stringify(body.command) : null,
    agent_id: agent?.id ?? null,
    runner_id: pinned,
    pinned: pinned === null ? 0 : 1,
    place,
    labels: JSON.stringify(body.labels),
    parent_run_id: parent?.id ?? null,
    ...(parent ? { root_run_id: parent.root_run_id } : {}),
    retry_of: null,
    task_id: options.taskId ?? null,
    flow_id: options.flow?.id ?? null,
    mcp_ids: options.flow?.mcpIds ?? null,
    human_minutes: options.flow?.humanMinutes ?? null,
    answer_seconds: options.answerSeconds ?? null,
    ...(options.flow ? { owner_id: options.flow.ownerId } : {}),
    instructions: agent ? instructionsOf(agent) : '',
    allowed_tools: agent?.allowed_tools ?? '[]',
    fork: 0,
    resume_session_id: parent?.session_id ?? null,
    trigger: options.trigger ?? (agent ? 'agent' : 'manual'),
    timeout_seconds: body.timeoutSeconds ?? null
  })
}

/** At whatever hour: such a run waits for nobody. */
function startsByItself(trigger: Run['trigger'] | undefined): boolean {
  return trigger === 'task' || trigger === 'flow'
}

/** The last run of an agent's conversation, when another one can go on from it. */
function conversationOf(
  domain: Domain,
  agent: AgentRow | null,
  runtime: string,
  cwd: string | undefined
): RunRow | undefined {
  const last = agent?.session_run_id ? domain.store.runs.byId(agent.session_run_id) : undefined
  if (last && isForgotten(domain, last)) return undefined
  if (!last?.session_id || last.runtime !== runtime || isLive(last)) return undefined
  const folder = cwd ?? agent?.cwd
  if (folder && !isWhereItWorked(domain, last, folder)) return undefined
  return domain.store.runs.liveRunOfSession(last.session_id) ? undefined : last
}

/** Its runner told the folder with links resolved. */
function isWhereItWorked(domain: Pick<Domain, 'resolveFolder'>, run: RunRow, folder: string): boolean {
  const wished = wishedFolder(run)
  return wished !== null && (wished === folder || wished === whereItIs(domain, folder))
}

function queueRun(
  domain: Domain,
  columns: Omit<
    NewRun,
    | 'id'
    | 'status'
    | 'status_reason'
    | 'status_since'
    | 'created_at'
    | 'root_run_id'
    | 'owner_id'
    | 'workspace'
    | 'answer_seconds'
    | 'human_minutes'
  > &
    Partial<Pick<NewRun, 'root_run_id' | 'workspace' | 'owner_id' | 'answer_seconds' | 'human_minutes'>>
): Run {
  const { store } = domain
  // Here and nowhere else: launch, follow-up, fork, retry and what starts by itself all come by.
  const agent = columns.agent_id === null ? undefined : store.agents.byId(columns.agent_id)
  if (agent) requireWorking(agent)
  if (store.runs.queuedCount() >= maxQueued)
    throw new AppError('LIMIT_REACHED', `${maxQueued} runs wait already; cancel some or wait`)
  const shares = sharesFor(domain, columns)
  // All that can be said against it was said: a flow goes on in this transaction when its run is refused.
  const now = domain.clock.now()
  const id = domain.newId()
  const number = store.runs.insert({
    root_run_id: id,
    owner_id: domain.actor?.user.id ?? store.users.firstOwner().id,
    // An agent without a folder of its own keeps the same private one for all its runs.
    answer_seconds: null,
    human_minutes: null,
    workspace: columns.cwd === null ? (columns.agent_id ?? columns.root_run_id ?? id) : null,
    ...columns,
    id,
    status: 'QUEUED',
    status_reason: waitingReason(domain, { number: 0, workspace: null, ...columns }),
    status_since: now,
    created_at: now
  })
  const inserted = store.runs.byNumber(number)
  if (!inserted) throw new Error('a run vanished while it was queued')
  const images = imagesOf(inserted)
  holdImages(domain, number, images)
  reserve(domain, inserted, shares)
  recordChange(domain, 'run', 'created', id)
  if (inserted.agent_id !== null) recordChange(domain, 'agent', 'changed', inserted.agent_id)
  const queued = appendEvents(domain, inserted, [userEvent(columns.input, images)])
  offer(domain, queued)
  return toRun(queued)
}

export function followUp(domain: Domain, id: string, wish: Continuation): Run {
  return continueRun(domain, requireRun(domain, id), wish, 'followup')
}

export function forkRun(domain: Domain, id: string, wish: Continuation): Run {
  const parent = requireRun(domain, id)
  const can = capabilitiesFor(domain, parent)
  if (can && !can.fork) throw new AppError('NOT_SUPPORTED', `${parent.runtime} cannot fork a session`)
  return continueRun(domain, parent, wish, 'fork')
}

/** Of the runtime of a run, as its runner tells; undefined: it has none yet. */
function capabilitiesFor({ store }: Domain, { runner_id, runtime, place }: RunRow): RuntimeCapabilities | undefined {
  const runner = runner_id === null ? undefined : store.runners.byId(runner_id)
  return runner && reportOf(runner, runtime, place)?.capabilities
}

function requireChangeable(domain: Domain, parent: RunRow, { permissionMode, model }: Continuation): void {
  const can = capabilitiesFor(domain, parent)
  if (!can) return
  if (permissionMode !== undefined && !can.permissionModes.includes(permissionMode))
    throw new AppError('NOT_SUPPORTED', `${parent.runtime} has no permission mode ${permissionMode}`)
  if (model !== undefined && can.models.length === 0)
    throw new AppError('NOT_SUPPORTED', `${parent.runtime} takes no model`)
}

function continueRun(domain: Domain, parent: RunRow, wish: Continuation, trigger: 'followup' | 'fork'): Run {
  if (takesInput(parent))
    throw new AppError('RUN_NOT_ENDED', `Run ${parent.number} has not ended; send it input, or wait`)
  if (isForgotten(domain, parent))
    throw new AppError(
      'RUN_NOT_RESUMABLE',
      `The runner that holds the session of run ${parent.number} was forgotten; start it again, or launch a new run`
    )
  if (parent.session_id === null)
    throw new AppError('RUN_NOT_RESUMABLE', `Run ${parent.number} has no session to continue; launch a new run`)
  // Two processes in one session would overwrite each other's conversation.
  const live = trigger === 'followup' ? domain.store.runs.liveRunOfSession(parent.session_id, parent.id) : undefined
  if (live) throw new AppError('RUN_NOT_ENDED', `Run ${live.number} continues this session and has not ended`)
  requireChangeable(domain, parent, wish)
  // A draining runner only finishes what it holds.
  const runnerId = parent.runner_id === null ? null : homeOf(domain, parent.runner_id)
  requireImagesTaken(domain, wish.images, { ...parent, command: toCommand(parent), runnerId })
  return queueRun(domain, {
    ...inherited(parent),
    permission_mode: wish.permissionMode ?? parent.permission_mode,
    model: wish.model ?? parent.model,
    runner_id: runnerId,
    input: wish.prompt,
    images: JSON.stringify(keepImages(domain, wish.images)),
    parent_run_id: parent.id,
    root_run_id: parent.root_run_id,
    retry_of: null,
    fork: trigger === 'fork' ? 1 : 0,
    resume_session_id: parent.session_id,
    trigger
  })
}

export function retryRun(domain: Domain, id: string): Run {
  const run = requireRun(domain, id)
  if (isLive(run)) throw new AppError('RUN_NOT_ENDED', `Run ${run.number} has not ended; cancel it first`)
  // A retry of a task's run is the task's, unless the task went on otherwise.
  const task = taskOf(domain, run)
  // What began without a session may begin anywhere.
  const elsewhere = isForgotten(domain, run) && run.resume_session_id === null
  const retry = queueRun(domain, {
    ...inherited(run),
    ...(elsewhere ? { runner_id: null, pinned: 0 } : {}),
    input: run.input,
    images: run.images,
    human_minutes: run.human_minutes,
    task_id: task?.id ?? null,
    parent_run_id: run.parent_run_id,
    // The first run of a chain begins a new one.
    ...(run.parent_run_id === null ? {} : { root_run_id: run.root_run_id }),
    retry_of: run.id,
    fork: run.fork,
    resume_session_id: run.resume_session_id,
    trigger: 'retry'
  })
  if (task) giveTask(domain, task, retry, 'tries again')
  return retry
}

function isForgotten({ store }: Pick<Domain, 'store'>, { runner_id }: RunRow): boolean {
  return runner_id !== null && (store.runners.byId(runner_id)?.state ?? 'deleted') === 'deleted'
}

function inherited(run: RunRow) {
  return {
    cwd: wishedFolder(run),
    workspace: run.workspace,
    alone_in: run.alone_in,
    // Who goes on with one of those is a person.
    trust: startsByItself(run.trigger) ? ('ask' as const) : run.trust,
    permission_mode: run.permission_mode,
    model: run.model,
    runtime: run.runtime,
    command: run.command,
    agent_id: run.agent_id,
    task_id: null,
    flow_id: null,
    mcp_ids: run.mcp_ids,
    instructions: run.instructions,
    allowed_tools: run.allowed_tools,
    // Its session and its folder lie with that runner.
    runner_id: run.runner_id,
    pinned: run.runner_id === null ? 0 : 1,
    place: run.place,
    labels: run.labels,
    timeout_seconds: run.timeout_seconds
  }
}

/** Idempotent: what ended stays, what was asked to stop is asked again or told to stop now. */
export function cancelRun(domain: Domain, id: string, now: boolean): Run {
  const run = requireRun(domain, id)
  if (isEnded(run.status)) return toRun(run)
  if (run.status === 'QUEUED') return toRun(endRun(domain, run, { status: 'CANCELLED', result: null, error: null }))
  return toRun(stopRun(domain, run, now || run.stopping === 'now'))
}

interface RunChange {
  permissionMode?: PermissionMode | undefined
  model?: string | undefined
  title?: string | null | undefined
}

/** How a run is called can be changed at any time, how it works only while it does. */
export function changeRun(domain: Domain, id: string, { title, ...wanted }: RunChange): Run {
  const run = requireRun(domain, id)
  const named = title === undefined ? {} : { title }
  if (wanted.permissionMode === undefined && wanted.model === undefined)
    return toRun(updateRunVisibly(domain, run, named))
  if (isEnded(run.status)) throw new AppError('RUN_ENDED', `Run ${run.number} has ended`)
  const runner = run.runner_id === null ? undefined : domain.store.runners.byId(run.runner_id)
  if (run.status !== 'QUEUED' && runner) {
    const can = reportOf(runner, run.runtime, run.place)?.capabilities
    if (!can?.changeWhileRunning || can.oneTurnModes?.includes(run.permission_mode))
      throw new AppError('NOT_SUPPORTED', `${run.runtime} cannot change these while it runs`)
    commandRunner(domain, runner.id, {
      type: 'change',
      runId: run.id,
      permissionMode: wanted.permissionMode ?? null,
      model: wanted.model ?? null
    })
  }
  return toRun(
    updateRunVisibly(domain, run, {
      ...named,
      permission_mode: wanted.permissionMode ?? run.permission_mode,
      model: wanted.model ?? run.model
    })
  )
}
