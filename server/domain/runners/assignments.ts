import type { Assignment, SessionTotals } from '#contract/runners/runner-protocol'
import type { RunFailure } from '#contract/runs/runs'
import { stringsOf } from '../../store/fleet/agents.ts'
import type { RunnerRow } from '../../store/runners/runners.ts'
import { imagesOf } from '../../store/runs/images.ts'
import { type RunRow, toCommand, wishedFolder } from '../../store/runs/runs.ts'
import type { Domain } from '../domain.ts'
import type { Provisions } from '../fleet/provisions.ts'
import { takesImages } from './placement.ts'

/** Why a runner that must take a run would do other work than it was asked for; null: it would not. */
export function imagesRefused(row: RunnerRow, run: RunRow): RunFailure | null {
  if (imagesOf(run).length === 0 || takesImages(row, run.runtime, run.place)) return null
  const message = `The runner ${row.name} (${row.version}) hands no images to ${run.runtime}, and images came with this run. Update the runner, or launch the run without them.`
  return { code: 'IMAGES_NOT_TAKEN', message }
}

/** A run as its runner gets it. */
export function toAssignment(domain: Domain, run: RunRow, { env, mcpServers }: Provisions): Assignment {
  return {
    runId: run.id,
    number: run.number,
    attempt: run.attempt,
    prompt: run.input,
    images: imagesOf(run),
    cwd: wishedFolder(run),
    runtime: run.runtime,
    place: run.place,
    command: toCommand(run),
    model: run.model,
    permissionMode: run.permission_mode,
    instructions: run.instructions,
    allowedTools: stringsOf(run.allowed_tools),
    env,
    mcpServers,
    workspace: run.workspace ?? run.agent_id ?? run.root_run_id,
    resume: resumeOf(domain, run),
    timeoutSeconds: run.timeout_seconds
  }
}

function resumeOf(domain: Domain, run: RunRow): Assignment['resume'] {
  const { resume_session_id: sessionId, fork, parent_run_id } = run
  if (sessionId === null) return null
  const parent = parent_run_id === null ? undefined : domain.store.runs.byId(parent_run_id)
  const cwd = parent?.session_id === sessionId ? parent.cwd : null
  const totals = domain.store.runs.totalsOfSession(sessionId)
  return {
    sessionId,
    fork: fork === 1,
    cwd,
    ...(totals === null ? {} : { totals: JSON.parse(totals) as SessionTotals })
  }
}
