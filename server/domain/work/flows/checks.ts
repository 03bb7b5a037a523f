import type { Actor } from '#contract/audit/audit'
import { AppError } from '#contract/errors'
import type { QuestionType } from '#contract/runners/questions'
import type { Watched } from '#contract/watched'
import { type PreCheck, preCheck } from '#contract/work/flows'
import type { FlowRow } from '../../../store/work/flows.ts'
import type { Domain } from '../../domain.ts'
import { runnerFor } from '../../runners/files.ts'
import { type Asked, ask } from '../../runners/questions.ts'
import { folderOf } from './folders.ts'

/** Who looks, for the audit of what a runner was asked. */
export const flowsActor: Actor = { kind: 'scheduler', id: 'flows', name: 'Flows', ip: null, via: 'a flow' }

/** What a pre-check told. `seen`: what is to be seen anew next time. */
export type Verdict = { type: 'go'; seen: string | null } | { type: 'skip' | 'unknown'; message: string }

/** Asks a runner, and waits for it. Never rejects for what is wrong there: that is not known, then. */
export async function askCheck(domain: Domain, flow: FlowRow): Promise<Verdict> {
  const check = preCheck.parse(JSON.parse(flow.pre_check ?? 'null'))
  try {
    return check.type === 'command' ? await runCommand(domain, flow, check) : await lookForChange(domain, flow, check)
  } catch (error) {
    if (error instanceof AppError) return { type: 'unknown', message: error.message }
    throw error
  }
}

type Of<T extends PreCheck['type']> = Extract<PreCheck, { type: T }>

async function runCommand(domain: Domain, flow: FlowRow, { program, args, folder }: Of<'command'>): Promise<Verdict> {
  const place = requireFolder(domain, flow, folder)
  const asked = await ask(
    domain,
    runnerFor(domain, place),
    { type: 'tryCommand', folder: place, program, args },
    about(flow)
  )
  const { exitCode, output } = answerOf(asked)
  if (exitCode === 0) return { type: 'go', seen: null }
  const said = output.trim().split('\n').at(-1)?.slice(0, 500) ?? ''
  const ended = exitCode === null ? 'was ended by a signal' : `ended with ${exitCode}`
  return { type: 'skip', message: `The pre-check ${ended}${said === '' ? '' : `: ${said}`}` }
}

async function lookForChange(domain: Domain, flow: FlowRow, { watched, folder }: Of<'changed'>): Promise<Verdict> {
  const state = await stateOf(domain, flow, watched, folder)
  if (state !== flow.check_seen) return { type: 'go', seen: state }
  return { type: 'skip', message: `${nameOf(watched)} has not changed since the last run` }
}

/** What something is now, as one text. Throws what says why it cannot be told. */
export async function stateOf(domain: Domain, flow: FlowRow, watched: Watched, folder: string | null): Promise<string> {
  const place = requireFolder(domain, flow, folder)
  const asked = await ask(domain, runnerFor(domain, place), { type: 'look', folder: place, watched }, about(flow))
  return answerOf(asked).state ?? 'not there'
}

export function nameOf(watched: Watched): string {
  return watched.type === 'file' ? watched.path : watched.ref
}

function requireFolder(domain: Domain, flow: FlowRow, folder: string | null): string {
  const place = folderOf(domain.store, flow, { folder })
  if (place !== null) return place
  throw new AppError('CWD_NOT_ALLOWED', 'It names no folder to look in, and its agent has none of its own')
}

function about({ id }: FlowRow) {
  return { actor: flowsActor, about: id }
}

function answerOf<T extends QuestionType>(asked: Asked<T>): Extract<Asked<T>, { type: 'answered' }>['answer'] {
  if (asked.type === 'unanswered') throw new AppError('RUNNER_SILENT', asked.message)
  return asked.answer
}
