import type { Question, Reply } from '#contract/runners/questions'
import type { Clock } from '../clock.ts'

/** Why there is no answer, in words for a person. */
export interface Unanswered {
  type: 'unanswered'
  why: 'old' | 'busy' | 'slow' | 'failed' | 'gone'
  message: string
}

/** A question that somebody waits for. */
export interface OpenQuestion {
  id: string
  runner: string
  question: Question
  /** Of the command that carries it. */
  command: number | null
  settle(outcome: Exclude<Reply, { type: 'cannot' }> | Unanswered): void
}

/** Questions to runners, in memory only: who asked is gone after a restart, and what is asked may hold secrets. */
export interface OpenQuestions {
  add(question: OpenQuestion, limitMs: number): void
  get(id: string): OpenQuestion | undefined
  /** Of one runner. */
  count(runner: string): number
  remove(id: string): void
  /** In how many ms the next one is overdue; null: there is none. */
  due(): number | null
  overdue(): OpenQuestion[]
  /** Of one runner, or all. */
  of(runner?: string): OpenQuestion[]
}

export function createOpenQuestions(clock: Clock): OpenQuestions {
  const open = new Map<string, OpenQuestion & { until: number }>()
  const all = () => [...open.values()]
  const of = (runner?: string) => all().filter(one => runner === undefined || one.runner === runner)
  return {
    add: (question, limitMs) =>
      void open.set(question.id, Object.assign(question, { until: clock.steady() + limitMs })),
    get: id => open.get(id),
    count: runner => of(runner).length,
    remove: id => void open.delete(id),
    due: () => (open.size === 0 ? null : Math.min(...all().map(({ until }) => until)) - clock.steady()),
    overdue: () => all().filter(({ until }) => until <= clock.steady()),
    of
  }
}
