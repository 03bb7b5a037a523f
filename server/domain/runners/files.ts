import { AppError } from '#contract/errors'
import type { FileSearch, FoundFiles } from '#contract/runners/files'
import type { RunnerRow } from '../../store/runners/runners.ts'
import type { RunRow } from '../../store/runs/runs.ts'
import type { Domain } from '../domain.ts'
import { requireAgent } from '../fleet/agents.ts'
import { requireRun } from '../runs/runs.ts'
import { allows } from './folders.ts'
import { ask, silent } from './questions.ts'
import { connectedRunner, homeOf, requireOnline } from './runners.ts'

type Actor = Parameters<Domain['store']['writer']['write']>[1]

const nothing: FoundFiles = { paths: [], more: false, partial: false }

export async function filesOfRun(domain: Domain, id: string, query: string, actor: Actor): Promise<FoundFiles> {
  const run = requireRun(domain, id)
  return run.cwd === null ? nothing : await find(domain, runnerOf(domain, run), { folder: run.cwd, query }, actor)
}

/** Its own folder, else the private one in which its conversation goes on. */
export async function filesOfAgent(domain: Domain, id: string, query: string, actor: Actor): Promise<FoundFiles> {
  const { cwd, session_run_id } = requireAgent(domain, id)
  const last = session_run_id === null ? undefined : domain.store.runs.byId(session_run_id)
  const folder = cwd ?? last?.cwd ?? null
  if (folder === null) return nothing
  const runner = last ? runnerOf(domain, last) : runnerFor(domain, folder)
  return await find(domain, runner, { folder, query }, actor)
}

export async function filesOfRunner(domain: Domain, id: string, search: FileSearch, actor: Actor): Promise<FoundFiles> {
  return await find(domain, requireOnline(domain, id), search, actor)
}

/** The folder of a run lies with the runner that took it. */
function runnerOf(domain: Domain, { runner_id, cwd }: RunRow): RunnerRow {
  return runner_id === null ? runnerFor(domain, cwd) : connectedRunner(domain, homeOf(domain, runner_id))
}

/** One that may work in a folder. Throws RUNNER_OFFLINE. */
export function runnerFor(domain: Domain, folder: string | null): RunnerRow {
  const runner = domain.store.runners.taking().find(row => allows(domain, row, folder))
  if (!runner) throw new AppError('RUNNER_OFFLINE', 'No runner that may work in this folder is connected')
  return runner
}

/** Whether agents may work in the folder is the runner's to decide, where it lies. */
async function find(domain: Domain, runner: RunnerRow, search: FileSearch, actor: Actor): Promise<FoundFiles> {
  const asked = await ask(domain, runner, { type: 'listFiles', ...search }, { actor })
  if (asked.type === 'unanswered') throw silent(asked)
  return asked.answer
}
