import { z } from 'zod'
import { mcpCheck } from '../fleet/mcps.ts'
import { changesAsked, changesTold, hunksAsked, hunksTold, putBackAsked, putBackTold } from './changes.ts'
import { fileSearch, foundFiles } from './files.ts'
import { commandLimitMs, look, looked, trial, tried } from './looks.ts'
import { mcpServer } from './mcp-server.ts'

/** What a runner can be asked, and how that is bounded. All that both sides need to know of a question. */
interface Declaration {
  /** What is asked, beside its type. */
  asks: z.ZodObject
  answers: z.ZodType
  /** A runner gives up after this long, in ms; whoever asks waits a little longer, and no more. */
  limitMs: number
  /** Of this type at a time, on one runner. */
  atOnce: number
  /** It starts or changes something, so the audit notes that it was asked. */
  acts: boolean
}

/** To add one is an entry here, and how it is answered in `runner/questions/`. */
export const questions = {
  /** Starts or calls an MCP server as an agent would, with every value in place, and lists its tools. */
  checkMcp: { asks: z.object({ server: mcpServer }), answers: mcpCheck, limitMs: 8000, atOnce: 4, acts: true },
  /** What lies in a folder, by what was typed of a path. */
  listFiles: { asks: fileSearch, answers: foundFiles, limitMs: 4000, atOnce: 8, acts: false },
  /** What a file or a ref of git is now, so that it can be told whether it became another. */
  look: { asks: look, answers: looked, limitMs: 4000, atOnce: 8, acts: false },
  /** What a checkpoint and another one, or the files as they are now, differ in. */
  changes: { asks: changesAsked, answers: changesTold, limitMs: 30_000, atOnce: 4, acts: false },
  /** The hunks of one file between two of them. */
  hunks: { asks: hunksAsked, answers: hunksTold, limitMs: 30_000, atOnce: 8, acts: false },
  /** Puts files back as they were; what it overwrites is kept. */
  putBack: { asks: putBackAsked, answers: putBackTold, limitMs: 60_000, atOnce: 2, acts: true },
  /** Runs a command of a person to its end, to go by its exit code. */
  tryCommand: { asks: trial, answers: tried, limitMs: commandLimitMs, atOnce: 4, acts: true }
} as const satisfies Record<string, Declaration>

type Table = typeof questions
export type QuestionType = keyof Table
export type Question<T extends QuestionType = QuestionType> = {
  [K in T]: { type: K } & z.infer<Table[K]['asks']>
}[T]
export type Answer<T extends QuestionType = QuestionType> = { [K in T]: z.infer<Table[K]['answers']> }[T]

/** Beyond its own limit a runner gets this long to end what it began, and its answer as long again to arrive. In ms. */
export const endingMs = 1000
export const arrivalMs = 500

export const questionTypes = Object.keys(questions) as [QuestionType, ...QuestionType[]]

type Members = [z.ZodObject, ...z.ZodObject[]]
const asked = questionTypes.map(type => questions[type].asks.extend({ type: z.literal(type) })) as unknown as Members
const answered = questionTypes.map(type =>
  z.object({ type: z.literal(type), answer: questions[type].answers })
) as unknown as Members

export const question = z.discriminatedUnion('type', asked) as unknown as z.ZodType<Question>

/** `busy`: it is asked too much already. `slow`: not within the limit. `failed`: it tried. */
const refusals = ['busy', 'slow', 'failed'] as const

const cannot = z.object({
  type: z.literal('cannot'),
  why: z.enum(refusals),
  message: z.string().max(2000)
})

export type Reply = { [K in QuestionType]: { type: K; answer: Answer<K> } }[QuestionType] | z.infer<typeof cannot>

export const reply = z.discriminatedUnion('type', [cannot, ...answered]) as unknown as z.ZodType<Reply>
