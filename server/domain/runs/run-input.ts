import { AppError } from '#contract/errors'
import { hearsWhileWorking, printsLines } from '#contract/runners/runners'
import type { PromptImage, RunImage } from '#contract/runs/images'
import { isEnded, maxQueuedInputs, type RunInput } from '#contract/runs/runs'
import { imagesOf } from '../../store/runs/images.ts'
import { type InputRow, toInput } from '../../store/runs/inputs.ts'
import { type RunRow, toCommand } from '../../store/runs/runs.ts'
import { type Domain, type Reading, recordChange } from '../domain.ts'
import { expectedReport } from '../runners/placement.ts'
import { commandRunner } from '../runners/runners.ts'
import { dropImages, holdImages, keepImages, requireImagesTaken } from './run-images.ts'
import { takesInput } from './run-moves.ts'
import { requireRun } from './runs.ts'

export function listInput(domain: Domain, id: string): RunInput[] {
  const run = requireRun(domain, id)
  const { inputs } = domain.store
  return (isEnded(run.status) ? inputs.dropped(run.number) : inputs.queued(run.number)).map(toInput)
}

export function getInput(domain: Reading, id: string, n: number): RunInput {
  return toInput(requireInput(domain, requireRun(domain, id), n))
}

interface NewInput {
  text: string
  images: readonly PromptImage[]
  mode: 'queue' | 'interrupt'
}

/** Queues input for a live run. `interrupt` puts it first and ends the current turn. */
export function addInput(domain: Domain, id: string, { text, images, mode }: NewInput): RunInput {
  const run = requireRun(domain, id)
  requireInputTaken(domain, run, mode)
  requireImagesTaken(domain, images, { ...run, command: toCommand(run), runnerId: run.runner_id })
  const queued = domain.store.inputs.queued(run.number)
  if (queued.length >= maxQueuedInputs)
    throw new AppError('LIMIT_REACHED', `${maxQueuedInputs} inputs wait already; take some back`)
  const last = domain.store.inputs.last(run.number)
  const kept = keepImages(domain, images)
  const front = (queued[0]?.position ?? 1) - 1
  const row: InputRow = {
    run: run.number,
    n: (last.n ?? 0) + 1,
    position: mode === 'interrupt' ? front : (last.position ?? 0) + 1,
    text,
    status: 'queued',
    turn: null,
    created_at: domain.clock.now(),
    images: JSON.stringify(kept)
  }
  domain.store.inputs.insert(row)
  holdImages(domain, run.number, kept)
  recordChange(domain, 'input', 'changed', run.id)
  if (run.runner_id !== null && run.status !== 'QUEUED')
    commandRunner(domain, run.runner_id, { type: mode === 'interrupt' ? 'interrupt' : 'input', runId: run.id })
  return toInput(row)
}

function requireInputTaken(
  domain: Pick<Domain, 'store' | 'resolveFolder' | 'runtimes'>,
  run: RunRow,
  mode: 'queue' | 'interrupt'
): void {
  if (!takesInput(run)) throw new AppError('RUN_ENDED', `Run ${run.number} takes no more input; follow it up instead`)
  const capabilities = expectedReport(domain, run)?.capabilities
  const runtime = domain.runtimes.find(({ id }) => id === run.runtime)
  const deaf = printsLines(runtime, toCommand(run))
  if (!capabilities) return
  if (
    deaf ||
    !hearsWhileWorking(capabilities, run.permission_mode) ||
    (mode === 'interrupt' && !capabilities.interrupt)
  )
    throw new AppError(
      'NOT_SUPPORTED',
      `${run.runtime} takes no ${mode === 'queue' ? 'input' : 'interruption'} while it runs`
    )
}

export function changeInput(
  domain: Domain,
  id: string,
  n: number,
  wanted: { text?: string | undefined; before?: number | null | undefined }
): RunInput {
  const run = requireRun(domain, id)
  const row = requireQueued(domain, run, n)
  const position = wanted.before === undefined ? row.position : positionBefore(domain, run, n, wanted.before)
  const changed = { ...row, text: wanted.text ?? row.text, position }
  domain.store.inputs.update(changed)
  recordChange(domain, 'input', 'changed', run.id)
  return toInput(changed)
}

function positionBefore(domain: Pick<Domain, 'store'>, run: RunRow, n: number, before: number | null): number {
  const others = domain.store.inputs.queued(run.number).filter(row => row.n !== n)
  if (before === null) return (others.at(-1)?.position ?? 0) + 1
  const index = others.findIndex(row => row.n === before)
  const next = others[index]
  if (!next) throw new AppError('NOT_FOUND', `before: no queued input ${before}`)
  const previous = others[index - 1]
  return previous ? (previous.position + next.position) / 2 : next.position - 1
}

export function deleteInput(domain: Domain, id: string, n: number): void {
  const run = requireRun(domain, id)
  const row = requireQueued(domain, run, n)
  domain.store.inputs.remove(run.number, n)
  dropImages(domain, run, imagesOf(row))
  recordChange(domain, 'input', 'changed', run.id)
}

function requireInput(domain: Pick<Domain, 'store'>, run: RunRow, n: number): InputRow {
  const row = domain.store.inputs.byN(run.number, n)
  if (!row) throw new AppError('NOT_FOUND', `Run ${run.number} has no input ${n}`)
  return row
}

function requireQueued(domain: Pick<Domain, 'store'>, run: RunRow, n: number): InputRow {
  const row = requireInput(domain, run, n)
  if (row.status === 'delivered') throw new AppError('INPUT_DELIVERED', 'The agent has read this input')
  return row
}

/** What the agent reads next. */
export interface NextInput {
  text: string
  images: readonly RunImage[]
}

/**
 * Answers a turn that ended: the next input, or null, after which the run takes none unless it is `open`. Asked again for
 * the same turn it answers the same, because the runner may not have got the first answer.
 */
export function nextInput(
  domain: Domain,
  run: RunRow,
  { n: turn, open }: { n: number; open?: boolean | undefined }
): { run: RunRow; next: NextInput | null } {
  const next = run.stopping === 'no' ? domain.store.inputs.queued(run.number)[0] : undefined
  if (!next) {
    if (open) return { run, next: null }
    domain.store.runs.update(run.number, { accepts_input: 0 })
    return { run: { ...run, accepts_input: 0 }, next: null }
  }
  domain.store.inputs.update({ ...next, status: 'delivered', turn })
  recordChange(domain, 'input', 'changed', run.id)
  return { run, next: readOut(next) }
}

export function answeredInput(domain: Pick<Domain, 'store'>, run: RunRow, turn: number): NextInput | null {
  const answer = domain.store.inputs.ofTurn(run.number, turn)
  return answer ? readOut(answer) : null
}

function readOut(row: InputRow): NextInput {
  return { text: row.text, images: imagesOf(row) }
}
