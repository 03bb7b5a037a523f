import type { z } from 'zod'
import type { Actor } from '#contract/audit/audit'
import { AppError } from '#contract/errors'
import type { Line } from '#contract/runners/lines'
import type { Reply } from '#contract/runners/questions'
import {
  type Assignment,
  type finishRun as finishRunEndpoint,
  type RunDaemon,
  type RunnerCommand,
  type registerRunner as registerEndpoint,
  runnerCommand,
  type sendEvents as sendEventsEndpoint
} from '#contract/runners/runner-protocol'
import type { RunnerWarning, RuntimeReport } from '#contract/runners/runners'
import type { RunFailure } from '#contract/runs/runs'
import type { RunnerRow } from '../../store/runners/runners.ts'
import type { RunRow } from '../../store/runs/runs.ts'
import { type Domain, recordChange } from '../domain.ts'
import { type Provisions, provide } from '../fleet/provisions.ts'
import { noteDaemons } from '../runs/run-daemons.ts'
import { endRun, giveUp, loseRun, reviveRun } from '../runs/run-ending.ts'
import { getImage } from '../runs/run-images.ts'
import { appendItems, type StoredItems } from '../runs/run-items.ts'
import { appendEvents, isLive, moveRun, updateRunVisibly } from '../runs/run-moves.ts'
import { requireRun } from '../runs/runs.ts'
import { imagesRefused, toAssignment } from './assignments.ts'
import { goOffline, leaseMs } from './leases.ts'
import { lookAgain } from './mcp-checks.ts'
import { explainWaiting, isWanted, nextFor, offer, wakeAll } from './placement.ts'
import * as questions from './questions.ts'
import { commandRunner, type KeptCommand } from './runners.ts'

type Registration = z.output<typeof registerEndpoint.body>
type Batch = z.output<typeof sendEventsEndpoint.body>
type Finish = z.output<typeof finishRunEndpoint.body>
type Lines = readonly Line[]
type Held = { runId: string; attempt: number }
type Caller = { runnerId: string; incarnation: string }
type Holder = Pick<RunnerRow, 'id' | 'drains_for'>

/** A runner process says who it is; a former process of the same identity is shut out from here on. */
export function register(domain: Domain, body: Registration): z.output<typeof registerEndpoint.output> {
  const now = domain.clock.now()
  const known = domain.store.runners.byIdentity(body.identity)
  const incarnation = domain.newId()
  const facts = {
    incarnation,
    name: body.name,
    kind: body.kind,
    hostname: body.hostname,
    platform: body.platform,
    version: body.version,
    allowed_dirs: JSON.stringify(body.allowedDirs),
    data_dir: body.dataDir,
    runtimes: JSON.stringify(body.runtimes),
    warnings: JSON.stringify(body.warnings),
    capacity: body.capacity,
    online: 1,
    last_heartbeat_at: now,
    drains_for: drainsFor(domain, body),
    state: 'known' as const,
    process: body.process ?? null,
    places: JSON.stringify(body.places),
    labels: JSON.stringify(body.labels),
    questions: JSON.stringify(body.questions)
  }
  const id = known?.id ?? domain.newId()
  domain.presence.heard(id)
  // What the former process was asked it cannot answer any more.
  if (known && known.process !== facts.process) questions.endQuestions(domain, known)
  if (known) domain.store.runners.update(id, { ...facts, status_since: known.online === 1 ? known.status_since : now })
  else domain.store.runners.insert({ id, identity: body.identity, status_since: now, created_at: now, ...facts })
  recordChange(domain, 'runner', known ? 'changed' : 'created', id)
  countCommandsOn(domain, id, body.lastCommand)
  const kept = reconcile(domain, { id, drains_for: facts.drains_for }, body)
  explainWaiting(domain)
  domain.store.writer.afterCommit(() => {
    domain.bus.publish('duties', '', null)
    // A former process of this identity, parked in its polls, learns at once that it was replaced.
    domain.bus.publish('claim', id, { runner: id })
    domain.bus.publish('commands', id, { runner: id })
  })
  return { runnerId: id, incarnation, leaseSeconds: leaseMs / 1000, ...kept, takesLines: true }
}

/**
 * Ids of commands only grow, for the runner remembers the last one. Where it remembers one that this store never had, an
 * earlier state was put back: what waits here was not carried out under the ids that it has.
 */
function countCommandsOn({ store }: Domain, runner: string, remembered: number): void {
  if (remembered <= store.runners.lastCommand()) return
  store.runners.countCommandsFrom(remembered)
  store.runners.repeatCommands(runner)
}

/** The runner whose last runs this one finishes. What the draining process still sends in its name comes too late from here on. */
function drainsFor(domain: Domain, { identity, drains }: Registration): string | null {
  const home = drains === null ? undefined : domain.store.runners.byIdentity(drains)
  if (!home) return null
  if (!domain.store.runners.byIdentity(identity)) retire(domain, home.id)
  return home.id
}

/** The process that registered last is not heard under that incarnation any more. */
function retire(domain: Domain, id: string): void {
  domain.store.runners.update(id, { incarnation: domain.newId(), process: null })
}

/**
 * It ends by its own choice. What it still holds runs into its lease, or is told by the next process. While we stop
 * ourselves it only does what it was told: it will be back with us, and what waits for it need not go to others.
 */
export function leave(domain: Domain, caller: Caller, weStop: boolean): void {
  const row = requireCaller(domain, caller)
  if (weStop && row.drains_for === null) return
  retire(domain, row.id)
  goOffline(domain, [row])
}

/** Sorts out what the runner still holds; what it should hold but does not died with its former process. */
function reconcile(domain: Domain, runner: Holder, { active, died }: Pick<Registration, 'active' | 'died'>) {
  for (const { runId, attempt } of died) {
    const run = domain.store.runs.byId(runId)
    if (run && isLive(run) && holds(run, runner, attempt)) loseRun(domain, run)
  }
  const { resume, abandon } = keepHeld(domain, runner, active)
  const stillThere = new Set(resume.map(held => held.runId))
  for (const run of domain.store.runs.heldBy(runner.id)) if (!stillThere.has(run.id)) giveUp(domain, run)
  return { resume, abandon }
}

/** Renews the leases of what a runner holds, by its own word; what is no longer its own it must let go. */
function keepHeld(domain: Domain, runner: Holder, active: readonly Held[]) {
  const resume: { runId: string; attempt: number; acked: number }[] = []
  const abandon: string[] = []
  for (const held of active) {
    const run = domain.store.runs.byId(held.runId)
    if (!run || !holds(run, runner, held.attempt) || !mayGoOn(domain, run)) {
      abandon.push(held.runId)
      continue
    }
    moveHere(domain, run.status === 'LOST' ? reviveRun(domain, run) : run, runner)
    domain.store.runs.update(run.number, { lease_until: domain.clock.steady() + leaseMs })
    resume.push({ ...held, acked: run.acked })
  }
  return { resume, abandon }
}

/** The attempt tells apart what a draining runner still executes and what its home took anew. */
function holds(run: RunRow, runner: Holder, attempt: number): boolean {
  if (run.attempt !== attempt || run.runner_id === null || run.status === 'QUEUED') return false
  return run.runner_id === runner.id || run.runner_id === runner.drains_for
}

function moveHere(domain: Domain, run: RunRow, runner: Holder): RunRow {
  if (run.runner_id === null || run.runner_id === runner.id) return run
  domain.store.runners.moveCommands(run.runner_id, runner.id, run.id)
  return updateRunVisibly(domain, run, { runner_id: runner.id })
}

function mayGoOn(domain: Domain, run: RunRow): boolean {
  return isLive(run) || (run.status === 'LOST' && !domain.store.runs.hasSuccessor(run.id))
}

/** The runner that calls, when it is the one that registered last. */
function requireCaller(domain: Domain, caller: Caller): RunnerRow {
  const row = domain.store.runners.byId(caller.runnerId)
  if (row?.incarnation !== caller.incarnation)
    throw new AppError('RUNNER_REPLACED', 'Another process registered under this identity; register again or leave')
  return row
}

export function hasClaimable(domain: Domain, caller: Caller): boolean {
  return nextFor(domain, requireCaller(domain, caller)) !== undefined
}

/** Takes the oldest queued runs that match. Writes are one after the other, so a run is taken once. */
export function claim(domain: Domain, caller: Caller, free: number): Assignment[] {
  const row = heard(domain, requireCaller(domain, caller))
  const taken: Assignment[] = []
  while (taken.length < free) {
    const run = nextFor(domain, row)
    if (!run) break
    // What another one waits for is left to it.
    if (taken.length > 0 && isWanted(domain, run, row.id)) {
      offer(domain, run)
      break
    }
    const claimed = moveRun(domain, run, 'CLAIMED', null, {
      runner_id: row.id,
      attempt: run.attempt + 1,
      acked: 0,
      lease_until: domain.clock.steady() + leaseMs
    })
    const provisions = imagesRefused(row, claimed) ?? provide(domain, claimed)
    if ('code' in provisions) endRun(domain, claimed, { status: 'FAILED', result: null, error: provisions })
    else taken.push(toAssignment(domain, tellLeftOut(domain, claimed, provisions), provisions))
  }
  if (taken.length > 0) domain.store.writer.afterCommit(() => domain.bus.publish('duties', '', null))
  return taken
}

/** First of all a run says what it goes without; what hangs is looked at again meanwhile. */
function tellLeftOut(domain: Domain, run: RunRow, { leftOut }: Provisions): RunRow {
  if (run.runner_id !== null) lookAgain(domain, leftOut, run.runner_id)
  const drafts = leftOut.map(({ name, reason }) => ({
    kind: 'system' as const,
    message: `The run goes on without the MCP server ${name}: ${reason}`,
    data: { subtype: 'mcp_left_out', server: name }
  }))
  return appendEvents(domain, run, drafts)
}

type Beat = Caller & { active: readonly Held[]; after: number }

/** It lives: leases of what it holds run on. */
export async function beat(domain: Domain, said: Beat, by: Actor): Promise<{ abandon: string[] }> {
  const row = requireCaller(domain, said)
  domain.bus.publish('word', row.id, null)
  const done = said.after > 0 && domain.store.runners.hasCommandsUpTo(row.id, said.after)
  if (row.online === 1 && said.active.length === 0 && !done) {
    domain.presence.heard(row.id)
    return { abandon: [] }
  }
  return domain.store.writer.write(() => {
    const row = heard(domain, requireCaller(domain, said))
    if (done) domain.store.runners.dropCommands(row.id, said.after)
    return { abandon: keepHeld(domain, row, said.active).abandon }
  }, by)
}

function heard(domain: Domain, row: RunnerRow): RunnerRow {
  const now = domain.clock.now()
  domain.presence.heard(row.id)
  if (row.online === 0) {
    domain.store.runners.update(row.id, { online: 1, status_since: now, last_heartbeat_at: now })
    recordChange(domain, 'runner', 'changed', row.id)
    domain.store.writer.afterCommit(() => domain.bus.publish('duties', '', null))
    explainWaiting(domain)
  }
  return row
}

const commandPage = 200

export function pendingCommands(domain: Domain, caller: Caller, after: number): RunnerCommand[] {
  const row = requireCaller(domain, caller)
  return domain.store.runners.commandsAfter(row.id, after, commandPage).flatMap(({ id, body }) => {
    const command = complete(domain, JSON.parse(body) as KeptCommand)
    return command === null ? [] : [runnerCommand.parse({ ...command, id })]
  })
}

function complete(domain: Domain, command: KeptCommand): object | null {
  return command.type === 'ask' ? questions.awaitedQuestion(domain, command) : command
}

export function answerQuestion(domain: Domain, caller: Caller, id: string, reply: Reply): void {
  questions.answer(domain, requireCaller(domain, caller), id, reply)
}

type Report = { runtimes: readonly RuntimeReport[]; warnings: readonly RunnerWarning[] }

export function report(domain: Domain, caller: Caller, { runtimes, warnings }: Report): void {
  const row = heard(domain, requireCaller(domain, caller))
  domain.store.runners.update(row.id, { runtimes: JSON.stringify(runtimes), warnings: JSON.stringify(warnings) })
  recordChange(domain, 'runner', 'changed', row.id)
  explainWaiting(domain)
  wakeAll(domain)
}

/** Only of a run that this runner executed, or that one whose last runs it finishes. */
export function reportDaemons(domain: Domain, id: string, caller: Caller, daemons: readonly RunDaemon[]): void {
  const runner = requireCaller(domain, caller)
  const run = domain.store.runs.byId(id)
  if (!run || (run.runner_id !== runner.id && run.runner_id !== runner.drains_for))
    throw new AppError('NOT_FOUND', `This runner executed no run ${id}`)
  noteDaemons(domain, id, daemons)
}

/** Stores items of a run in order, each once. `lines`: the items as they came. */
export function receive(domain: Domain, id: string, batch: Batch, lines?: Lines) {
  const { run, successor } = requireHeld(domain, id, batch)
  const stored = appendItems(domain, run, { ...batch, lines })
  if (successor) tellToStop(domain, stored.run, batch.runnerId)
  const { next } = stored
  domain.store.writer.afterCommit(() => {
    for (const delta of batch.deltas) domain.bus.publish('delta', String(run.number), { run: run.number, delta })
  })
  return { acked: stored.run.acked, ...answerTo(next) }
}

/** To a turn, where one ended. */
function answerTo(next: StoredItems['next']) {
  if (!next) return next === undefined ? {} : { next }
  return next.images.length === 0 ? { next: next.text } : { next: next.text, nextImages: [...next.images] }
}

/** An image of a run that this runner holds. */
export function readImage(domain: Domain, id: string, caller: Caller & { attempt: number }, image: string) {
  const runner = requireCaller(domain, caller)
  const run = domain.store.runs.byId(id)
  if (!run || !holds(run, runner, caller.attempt))
    throw new AppError('NOT_HELD', `Run ${id} is not held by this runner`)
  const { media_type: mediaType, content } = getImage(domain, run, image)
  return { mediaType, data: content.toString('base64') }
}

export function finish(domain: Domain, id: string, body: Finish, lines?: Lines): { acked: number } {
  const answer = storeEnd(domain, id, body, lines)
  if (body.outcome === 'LOST') letGo(domain, id)
  return answer
}

/** Nobody holds it any more: a poll that is still under way and names it must not bring it back. */
function letGo(domain: Domain, id: string): void {
  const run = requireRun(domain, id)
  domain.store.runs.update(run.number, { attempt: run.attempt + 1 })
}

function storeEnd(domain: Domain, id: string, body: Finish, lines?: Lines): { acked: number } {
  const ended = domain.store.runs.byId(id)
  if (ended && isFinished(domain, ended, body)) return { acked: ended.acked }
  const { run, successor } = requireHeld(domain, id, body)
  const stored = appendItems(domain, run, { ...body, lines }).run
  if (!successor)
    endRun(domain, stored.status === 'CLAIMED' && body.outcome === 'SUCCEEDED' ? started(domain, stored) : stored, {
      status: body.outcome,
      result: body.result,
      // Stopped as it was asked to is no failure.
      error: body.outcome === 'CANCELLED' ? stoppedFor(stored) : body.error
    })
  return { acked: stored.acked }
}

/** Stopped by a budget it says so, though that is no failure either. */
function stoppedFor(run: RunRow): RunFailure | null {
  return run.stop_reason === null ? null : { code: 'BUDGET_EXHAUSTED', message: run.stop_reason }
}

/** The answer to the same finish got lost: it is done. */
function isFinished(domain: Domain, run: RunRow, { items, attempt, outcome, runnerId }: Finish): boolean {
  // Given up is not finished, unless that is the very news.
  if (isLive(run) || (run.status === 'LOST' && outcome !== 'LOST')) return false
  const runner = domain.store.runners.byId(runnerId)
  return runner !== undefined && holds(run, runner, attempt) && (items.at(-1)?.n ?? 0) <= run.acked
}

function started(domain: Domain, run: RunRow): RunRow {
  return moveRun(domain, run, 'RUNNING', null, { started_at: domain.clock.now() })
}

/** The run, when this runner holds it. One that was given up lives again, unless somebody continued it meanwhile. */
function requireHeld(domain: Domain, id: string, batch: Caller & { attempt: number }) {
  const runner = requireCaller(domain, batch)
  const run = domain.store.runs.byId(id)
  if (!run) throw new AppError('NOT_HELD', `There is no run ${id}; stop it`)
  const lost = run.status === 'LOST'
  if (!holds(run, runner, batch.attempt) || (!isLive(run) && !lost))
    throw new AppError('NOT_HELD', `Run ${run.number} is ${run.status}; stop it`)
  if (!lost) return { run, successor: false }
  if (domain.store.runs.hasSuccessor(run.id)) return { run, successor: true }
  const revived = moveHere(domain, reviveRun(domain, run), runner)
  return { run: { ...revived, lease_until: renew(domain, run) }, successor: false }
}

function renew(domain: Domain, run: RunRow): number {
  const until = domain.clock.steady() + leaseMs
  domain.store.runs.update(run.number, { lease_until: until })
  return until
}

function tellToStop(domain: Domain, run: RunRow, runnerId: string): void {
  if (run.stopping === 'now') return
  commandRunner(domain, runnerId, { type: 'cancel', runId: run.id, now: true })
  updateRunVisibly(domain, run, { stopping: 'now' })
}
