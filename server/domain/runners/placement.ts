import { type AppError, fieldError } from '#contract/errors'
import type { RuntimeReport } from '#contract/runners/runners'
import { allowedDirsOf, labelsOf, placesOf, type RunnerRow, runtimesOf } from '../../store/runners/runners.ts'
import { imagesOf } from '../../store/runs/images.ts'
import { labelsOfRun } from '../../store/runs/json-columns.ts'
import type { QueuedRun } from '../../store/runs/queue.ts'
import { type RunRow, wishedFolder } from '../../store/runs/runs.ts'
import type { Domain } from '../domain.ts'
import type { Duty } from '../duty.ts'
import { isLive, updateRunVisibly } from '../runs/run-moves.ts'
import { allows } from './folders.ts'

type Folders = Pick<Domain, 'resolveFolder'>
/** What is looked at to say which runner may take a run. */
type Matching = Folders & Pick<Domain, 'store'>

/** What a run asks of whoever takes it; `cwd` null: a private folder. */
interface Need {
  runtime: string
  place: string
  cwd: string | null
  labels: readonly string[]
  /** Images came with its prompt. */
  images: boolean
}

function needOf(run: QueuedRun): Need {
  const { runtime, place } = run
  return { runtime, place, cwd: wishedFolder(run), labels: labelsOfRun(run), images: imagesOf(run).length > 0 }
}

/** What a runner says of a runtime, at a place or wherever it has it first. */
export function reportOf(row: RunnerRow, runtime: string, place?: string): RuntimeReport | undefined {
  return runtimesOf(row).find(report => report.id === runtime && (place === undefined || report.place === place))
}

export function isReady(row: RunnerRow, runtime: string, place?: string): boolean {
  return reportOf(row, runtime, place)?.state === 'ready'
}

/** What a runner of an older version does not say of a runtime, that it does not do; of one that it does not know, nothing is known. */
export function takesImages(row: RunnerRow, runtime: string, place: string): boolean {
  return reportOf(row, runtime, place)?.capabilities.images ?? true
}

/** In the order in which they are asked: each names what is missing of the runners that passed those before. */
const conditions = [
  {
    met: (domain: Folders, row: RunnerRow, { cwd }: Need) => allows(domain, row, cwd),
    missing: ({ cwd }: Need) => `No connected runner may work in ${cwd}`
  },
  {
    met: (_: Folders, row: RunnerRow, { place }: Need) => placesOf(row).includes(place),
    missing: ({ place }: Need) => `No connected runner has the place ${place}`
  },
  {
    met: (_: Folders, row: RunnerRow, { labels }: Need) => labels.every(label => labelsOf(row).includes(label)),
    missing: ({ labels }: Need) => `No connected runner has all of the labels ${labels.join(', ')}`
  },
  {
    met: (_: Folders, row: RunnerRow, { images, runtime, place }: Need) => !images || takesImages(row, runtime, place),
    missing: ({ runtime }: Need) => `No connected runner hands images to ${runtime}`
  }
]

/** Whether a runner may take what needs this; being ready for the runtime is another question. */
function may(domain: Folders, row: RunnerRow, need: Need): boolean {
  return conditions.every(({ met }) => met(domain, row, need))
}

/**
 * Of runners that may, those that are ready for the runtime; where none is, all: the run then fails there with the words
 * of a runner, which knows what is wrong and what to do.
 */
function takers(rows: readonly RunnerRow[], { runtime, place }: Need): readonly RunnerRow[] {
  const ready = rows.filter(row => isReady(row, runtime, place))
  return ready.length > 0 ? ready : rows
}

function freeSlots(domain: Pick<Domain, 'store'>, row: RunnerRow): number {
  return Math.max(0, row.capacity - domain.store.runs.heldCount(row.id))
}

/** Most free slots first. */
function ranked(domain: Pick<Domain, 'store'>, rows: readonly RunnerRow[]): RunnerRow[] {
  return rows
    .map(row => ({ row, free: freeSlots(domain, row) }))
    .sort((a, b) => b.free - a.free || a.row.created_at - b.row.created_at)
    .map(({ row }) => row)
}

/** Throws CWD_NOT_ALLOWED where runners are connected and none of them may work there. */
export function requirePlaceable(domain: Matching, cwd: string | null): void {
  const online = domain.store.runners.taking()
  if (online.length > 0 && !online.some(row => allows(domain, row, cwd)))
    throw cwdNotAllowed(cwd ?? '', online.flatMap(allowedDirsOf))
}

/** The runner that a run must go to. Throws UNKNOWN_RUNNER and CWD_NOT_ALLOWED. */
export function requirePinnable(domain: Matching, runnerId: string, cwd: string | null): RunnerRow {
  const named = domain.store.runners.byId(runnerId)
  // A draining one only finishes what it has, for another.
  const row = named?.drains_for ? domain.store.runners.byId(named.drains_for) : named
  if (!row || row.state === 'deleted')
    throw fieldError('UNKNOWN_RUNNER', 'runnerId', `there is no runner ${runnerId}`, 'no such runner')
  if (!allows(domain, row, cwd)) throw cwdNotAllowed(cwd ?? '', allowedDirsOf(row))
  return row
}

function cwdNotAllowed(cwd: string, dirs: readonly string[]): AppError {
  const where = dirs.length > 0 ? `It must lie in ${dirs.join(' or ')}` : 'The runner allows no folder'
  return fieldError('CWD_NOT_ALLOWED', 'cwd', `${cwd} is outside of what the runner may work in. ${where}.`, where)
}

/** What can be expected of the runtime of a run, by the runner that has it or is likely to get it. */
export function expectedReport(domain: Matching, run: RunRow): RuntimeReport | undefined {
  const need = needOf(run)
  const rows = run.runner_id === null ? domain.store.runners.taking() : [domain.store.runners.byId(run.runner_id)]
  const known = rows.filter(row => row !== undefined)
  const [row] =
    run.runner_id === null
      ? takers(
          known.filter(one => may(domain, one, need)),
          need
        )
      : known
  return row && reportOf(row, run.runtime, run.place)
}

/** The oldest queued run that a runner may take. What must run there comes in the order of all. */
export function nextFor(domain: Matching, me: RunnerRow): RunRow | undefined {
  if (me.drains_for !== null) return undefined
  const others = domain.store.runners.taking().filter(row => row.id !== me.id)
  const verdicts = new Map<string, boolean>()
  // Runs that wait are many, what they need is little: each need is judged once.
  function takes(run: QueuedRun): boolean {
    if (run.runner_id !== null) return true
    const need = needOf(run)
    const key = JSON.stringify(need)
    const known = verdicts.get(key)
    if (known !== undefined) return known
    const verdict =
      may(domain, me, need) && takers([me, ...others.filter(row => may(domain, row, need))], need).includes(me)
    verdicts.set(key, verdict)
    return verdict
  }
  return domain.store.queue.first(me.id, takes)
}

/** Who waits for a run right now, and may take it. */
function waiting(domain: Domain, run: QueuedRun, but: readonly string[]): RunnerRow | undefined {
  const listening = domain.store.runners
    .taking()
    .filter(row => !but.includes(row.id) && domain.bus.listening('claim', row.id))
  if (listening.length === 0) return undefined
  const need = needOf(run)
  return ranked(
    domain,
    takers(
      listening.filter(row => may(domain, row, need)),
      need
    )
  )[0]
}

/** Whether somebody else is about to take it, or waits and would take it as well. */
export function isWanted(domain: Domain, run: QueuedRun, me: string): boolean {
  if (run.runner_id !== null) return false
  const woken = domain.offers.to(run.number)
  return (woken !== undefined && woken !== me) || waiting(domain, run, [me]) !== undefined
}

/** Wakes one runner for a queued run, after the commit: the pinned one, or the best of those that wait. */
export function offer(domain: Domain, run: RunRow): void {
  domain.store.writer.afterCommit(() => wake(domain, run, []))
}

function wake(domain: Domain, run: RunRow, woken: readonly string[]): void {
  const runner = run.runner_id ?? waiting(domain, run, woken)?.id
  if (runner === undefined) return
  if (run.runner_id === null) {
    const isFirst = domain.offers.due() === null
    domain.offers.made({ run: run.number, woken: [...woken, runner] })
    if (isFirst) domain.bus.publish('duties', '', null)
  }
  domain.bus.publish('claim', runner, { runner })
}

/** What was offered and is not claimed for long is offered to another: who was woken may be frozen. */
export const unclaimed: Duty = {
  due: ({ offers }) => offers.due(),
  perform(domain) {
    for (const { run: number, woken } of domain.offers.overdue()) {
      const run = domain.store.runs.byNumber(number)
      if (run?.status === 'QUEUED' && run.runner_id === null)
        domain.store.writer.afterCommit(() => wake(domain, run, woken))
    }
  },
  late: 'perform'
}

/** Everybody who waits looks again: who may take what has changed. */
export function wakeAll(domain: Domain): void {
  domain.store.writer.afterCommit(() => {
    for (const { id } of domain.store.runners.taking()) domain.bus.publish('claim', id, { runner: id })
  })
}

/** Why a queued run waits: what is missing; null: nothing, its runner is about to take it. */
export function waitingReason(domain: Matching, run: QueuedRun): string | null {
  const parent = run.parent_run_id === null ? undefined : domain.store.runs.byId(run.parent_run_id)
  if (parent && isLive(parent)) return `Waits for the end of run ${parent.number}`
  const working = run.alone_in === null ? undefined : domain.store.queue.workingIn(run.alone_in)
  if (working !== undefined) return `Waits until run ${working} has ended, which works in the same folder`
  return run.runner_id === null ? whyNobody(domain, needOf(run)) : whyNotThere(domain, run.runner_id)
}

function whyNotThere(domain: Pick<Domain, 'store'>, runnerId: string): string | null {
  const runner = domain.store.runners.byId(runnerId)
  if (!runner || runner.state === 'deleted') return 'The runner that it must run on was forgotten'
  if (runner.online === 0) return `Runner ${runner.name} is not connected`
  return whyFull(domain, [runner])
}

function whyNobody(domain: Matching, need: Need): string | null {
  const rows = whoMay(domain, need)
  return typeof rows === 'string' ? rows : whyFull(domain, takers(rows, need))
}

/** The connected runners that may take what needs this, or what they all lack. */
function whoMay(domain: Matching, need: Need): readonly RunnerRow[] | string {
  let rows: readonly RunnerRow[] = domain.store.runners.taking()
  if (rows.length === 0) return 'No runner is connected'
  for (const { met, missing } of conditions) {
    rows = rows.filter(row => met(domain, row, need))
    if (rows.length === 0) return missing(need)
  }
  return rows
}

/** Why a run that needs this would not start now; null: it would, though it may have to wait for a slot. */
export function whatIsMissing(domain: Matching, need: Need): string | null {
  const rows = whoMay(domain, need)
  if (typeof rows === 'string') return rows
  if (rows.some(row => isReady(row, need.runtime, need.place))) return null
  return `No connected runner is ready for ${need.runtime}`
}

function whyFull(domain: Pick<Domain, 'store'>, rows: readonly RunnerRow[]): string | null {
  const [first, ...others] = rows
  if (first === undefined || rows.some(row => freeSlots(domain, row) > 0)) return null
  if (others.length === 0)
    return first.capacity === 1
      ? `The only slot of ${first.name} is busy`
      : `All ${first.capacity} slots of ${first.name} are busy`
  const slots = rows.reduce((sum, row) => sum + row.capacity, 0)
  return `All ${slots} slots of ${rows.length} runners that may take it are busy`
}

/** Runs looked at in one transaction. */
const step = 200

/** After runners came or went: what waits says why it does, as it is now. In steps, so that nobody waits for all of it. */
export function explainWaiting(domain: Domain, after = 0): void {
  const queued = domain.store.queue.after(after, step)
  const reasons = new Map<string, string | null>()
  for (const run of queued) {
    const key = JSON.stringify([run.runner_id, run.parent_run_id, run.alone_in, needOf(run)])
    const reason = reasons.has(key) ? (reasons.get(key) ?? null) : waitingReason(domain, run)
    reasons.set(key, reason)
    if (reason !== run.status_reason) updateRunVisibly(domain, run, { status_reason: reason })
  }
  const last = queued.at(-1)
  if (last === undefined || queued.length < step) return
  // A step that fails leaves its runs as they are; the next runner that comes or goes looks at them again.
  const next = () => explainWaiting(domain, last.number)
  domain.store.writer.afterCommit(() => void domain.store.writer.write(next).catch(() => undefined))
}
