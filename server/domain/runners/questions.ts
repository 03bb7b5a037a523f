import { AppError, invalid } from '#contract/errors'
import {
  type Answer,
  arrivalMs,
  endingMs,
  type Question,
  type QuestionType,
  questions,
  type Reply
} from '#contract/runners/questions'
import type { RunnerCommand } from '#contract/runners/runner-protocol'
import { questionsOf, type RunnerRow } from '../../store/runners/runners.ts'
import type { Domain } from '../domain.ts'
import type { Duty } from '../duty.ts'
import type { OpenQuestion, Unanswered } from './open-questions.ts'
import { commandRunner, type KeptCommand } from './runners.ts'

/** Questions that one runner is asked at a time, of all types. */
const mostOpen = 32

type Actor = Parameters<Domain['store']['writer']['write']>[1]

export type Asked<T extends QuestionType> = { type: 'answered'; answer: Answer<T> } | Unanswered

/** Who asks, and what it is about: an id, for the audit of questions that act. */
interface Asking {
  actor: Actor
  about?: string
}

/**
 * Asks a connected runner and waits for its answer, which comes in time or not at all: then it is said why. What is asked
 * goes through memory alone, so it may hold secrets. Nothing is kept over a restart.
 */
export async function ask<T extends QuestionType>(
  domain: Domain,
  runner: RunnerRow,
  question: Question<T>,
  { actor, about }: Asking
): Promise<Asked<T>> {
  const type: T = question.type
  if (!questionsOf(runner).includes(type))
    return unanswered(
      'old',
      `Runner ${runner.name} is of version ${runner.version}, which cannot be asked this; update it`
    )
  if (domain.questions.count(runner.id) >= mostOpen)
    return unanswered('busy', `Runner ${runner.name} is asked ${mostOpen} things already; try again in a moment`)
  const { promise, resolve } = Promise.withResolvers<Parameters<OpenQuestion['settle']>[0]>()
  const open: OpenQuestion = {
    id: domain.newId(),
    runner: runner.id,
    question: question as Question,
    command: null,
    settle: resolve
  }
  domain.questions.add(open, questions[type].limitMs + endingMs + arrivalMs)
  try {
    await domain.store.writer.write(() => send(domain, open, about ?? null), actor)
  } catch (error) {
    domain.questions.remove(open.id)
    throw error
  }
  domain.bus.publish('duties', '', null)
  const outcome = await promise
  // The type was compared when the answer came.
  return outcome.type === 'unanswered' ? outcome : { type: 'answered', answer: outcome.answer as Answer<T> }
}

function send(domain: Domain, open: OpenQuestion, about: string | null): void {
  const { type } = open.question
  const command = { type: 'ask', questionId: open.id, asks: type, about, acts: questions[type].acts } as const
  open.command = commandRunner(domain, open.runner, command)
}

function unanswered(why: Unanswered['why'], message: string): Unanswered {
  return { type: 'unanswered', why, message }
}

/** For a caller that cannot go on without the answer. */
export function silent({ message }: Unanswered): AppError {
  return new AppError('RUNNER_SILENT', message)
}

/** The command with what is asked, while somebody waits for it; null: nobody does any more. */
export function awaitedQuestion(
  { questions: open }: Pick<Domain, 'questions'>,
  { type, questionId }: Extract<KeptCommand, { type: 'ask' }>
): Omit<Extract<RunnerCommand, { type: 'ask' }>, 'id'> | null {
  const question = open.get(questionId)?.question
  return question === undefined ? null : { type, questionId, question }
}

/** Only by the runner that was asked, or the one that finishes for it. Throws NOT_FOUND and INVALID_REQUEST. */
export function answer(
  domain: Pick<Domain, 'questions'>,
  caller: Pick<RunnerRow, 'id' | 'drains_for'>,
  id: string,
  reply: Reply
): void {
  const open = domain.questions.get(id)
  if (!open || (open.runner !== caller.id && open.runner !== caller.drains_for))
    throw new AppError('NOT_FOUND', `Nobody waits for an answer to ${id} by this runner`)
  if (reply.type !== 'cannot' && reply.type !== open.question.type)
    throw invalid('reply.type', `${open.question.type} was asked`)
  domain.questions.remove(id)
  open.settle(reply.type === 'cannot' ? unanswered(reply.why, reply.message) : reply)
}

/** Inside a write: the runner has gone, and what it had not read yet is not for whoever comes after it. */
export function endQuestions(domain: Domain, { id, name }: Pick<RunnerRow, 'id' | 'name'>): void {
  end(domain, domain.questions.of(id), unanswered('gone', `Runner ${name} went away before it answered`))
}

function end(domain: Domain, ended: readonly OpenQuestion[], why: Unanswered): void {
  for (const open of ended) {
    domain.questions.remove(open.id)
    if (open.command !== null) domain.store.runners.dropCommand(open.command)
    domain.store.writer.afterCommit(() => open.settle(why))
  }
}

/** Whoever asked hears that there was no answer in time. */
export const unansweredQuestions: Duty = {
  due: ({ questions: open }) => open.due(),
  perform(domain) {
    for (const open of domain.questions.overdue()) {
      const name = domain.store.runners.byId(open.runner)?.name ?? open.runner
      const seconds = Math.round(questions[open.question.type].limitMs / 1000)
      end(domain, [open], unanswered('slow', `Runner ${name} did not answer within ${seconds} s`))
    }
  },
  late: 'perform'
}

/** This process stops: nobody is kept waiting. */
export function giveUpQuestions({ questions: open }: Pick<Domain, 'questions'>): void {
  for (const { settle } of open.of()) settle(unanswered('gone', 'The control plane is stopping'))
}
