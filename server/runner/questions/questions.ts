import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Answer,
  endingMs,
  type Question,
  type QuestionType,
  questions,
  questionTypes,
  type Reply
} from '#contract/runners/questions'

/** How each type is answered. `signal` is aborted at its limit; from then on there is `endingMs` to end what was begun. */
export type Answerers = {
  [T in QuestionType]: (question: Question<T>, signal: AbortSignal) => Promise<Answer<T>>
}

/** What is wrong is told, up to this many characters. */
const maxWords = 2000

/** Answers what the control plane asks: so many at a time, each within its limit. */
export class Questions {
  /** What this version can answer. */
  readonly types: readonly QuestionType[] = questionTypes
  private readonly answerers: Answerers
  private readonly limits: Readonly<Record<QuestionType, { limitMs: number; atOnce: number }>>
  private readonly running = new Map<QuestionType, number>()

  constructor(answerers: Answerers, limits = questions as Questions['limits']) {
    this.answerers = answerers
    this.limits = limits
  }

  /** Never rejects. */
  async reply(question: Question): Promise<Reply> {
    const { type } = question
    const { limitMs, atOnce } = this.limits[type]
    const running = this.running.get(type) ?? 0
    if (running >= atOnce) return cannot('busy', `${atOnce} of these are being answered already; try again in a moment`)
    this.running.set(type, running + 1)
    const answering = this.answer(question, AbortSignal.timeout(limitMs))
    void answering.finally(() => this.running.set(type, (this.running.get(type) ?? 1) - 1))
    return await inTime(answering, limitMs + endingMs)
  }

  private async answer(question: Question, signal: AbortSignal): Promise<Reply> {
    try {
      // One type at a time: a question goes to the answerer of its own type.
      const answerer = this.answerers[question.type] as (question: Question, signal: AbortSignal) => Promise<Answer>
      return { type: question.type, answer: await answerer(question, signal) } as Reply
    } catch (error) {
      return cannot(signal.aborted ? 'slow' : 'failed', error instanceof Error ? error.message : String(error))
    }
  }
}

async function inTime(answering: Promise<Reply>, ms: number): Promise<Reply> {
  const timer = new AbortController()
  const late = sleep(ms, null, { signal: timer.signal }).then(
    () => cannot('slow', 'There was no answer in time'),
    () => answering
  )
  return await Promise.race([answering, late]).finally(() => timer.abort())
}

function cannot(why: Extract<Reply, { type: 'cannot' }>['why'], message: string): Reply {
  return { type: 'cannot', why, message: message.slice(0, maxWords) }
}
