import { z } from 'zod'

const tool = z.object({
  /** `write` and `sh` become whatever the vendor's CLI calls them; `raw` names a tool outright. */
  tool: z.enum(['write', 'sh', 'raw']),
  path: z.string().default(''),
  content: z.string().default(''),
  cmd: z.string().default(''),
  name: z.string().default(''),
  /** Of a raw tool, for OpenAI. */
  namespace: z.string().default(''),
  input: z.record(z.string(), z.unknown()).default({})
})
export type ToolStep = z.infer<typeof tool>

/** One answer of the model. */
const step = z.object({
  text: z.string().optional(),
  think: z.string().optional(),
  /** This many pieces, `ms` apart. */
  slow: z.int().optional(),
  ms: z.int().default(200),
  /** About this many bytes of text. */
  huge: z.int().optional(),
  tools: z.array(tool).default([]),
  /** Answers with this HTTP status. */
  error: z.int().optional(),
  message: z.string().optional(),
  headers: z.record(z.string(), z.string()).default({}),
  /** Waits this long before it answers. */
  hang: z.int().default(0),
  /** Cuts the connection in the middle of the text. */
  cut: z.boolean().default(false),
  stop: z.string().optional(),
  in: z.int().default(100),
  out: z.int().default(20),
  cr: z.int().default(0),
  cc: z.int().default(0)
})
export type Step = z.infer<typeof step>

const steps = z.array(
  z.preprocess(value => {
    const isCall = typeof value === 'object' && value !== null && 'tool' in value
    return isCall ? { ...value, tools: [value] } : value
  }, step)
)

/** One message of a conversation, whatever the vendor's words for it are. */
export interface Turn {
  role: 'user' | 'tool' | 'assistant'
  text: string
}

/** A prompt that makes the mock answer these steps, one per request, the last one again and again. */
export function scripted(...script: Record<string, unknown>[]): string {
  return `MOCK${JSON.stringify(script)}KCOM`
}

/** The same for a prompt that stands inside of another script: that of a sub-agent. */
export function scriptedWithin(...script: Record<string, unknown>[]): string {
  return `MOCK64:${Buffer.from(JSON.stringify(script)).toString('base64')}KCOM`
}

/**
 * The step that answers a conversation: the script of the last user text that has one, counted by the tool results after
 * it. Nothing is remembered between requests, so retries, resumes and forks answer by themselves.
 */
export function stepFor(turns: Turn[]): Step {
  const start = turns.findLastIndex(turn => turn.role === 'user' && scriptIn(turn.text) !== null)
  const script = start === -1 ? null : scriptIn(turns[start]?.text ?? '')
  const done = turns.slice(start).filter(turn => turn.role === 'tool').length
  return script?.[Math.min(done, script.length - 1)] ?? step.parse({ text: 'ok (no script)' })
}

function scriptIn(text: string): Step[] | null {
  const found = [...text.matchAll(/MOCK(?:(\[[\s\S]*?\])|64:([\w+/=]+))KCOM/g)].at(-1)
  if (found === undefined) return null
  const json = found[1] ?? Buffer.from(found[2] ?? '', 'base64').toString('utf8')
  try {
    return steps.parse(JSON.parse(json))
  } catch (error) {
    return [step.parse({ text: `BAD SCRIPT ${error}` })]
  }
}

/** The pieces in which the text of a step is streamed; none when it only calls tools. */
export function pieces(step: Step): string[] {
  // Every piece differs: some CLIs take repetition for a loop and stop.
  if (step.huge !== undefined) {
    return Array.from({ length: Math.ceil(step.huge / 100) }, (_, i) => `${i} `.padEnd(99, 'x').concat('\n'))
  }
  if (step.slow !== undefined) return Array.from({ length: step.slow }, (_, i) => `tick ${i} `)
  if (step.text === undefined && step.tools.length > 0) return []
  return (step.text ?? 'ok').match(/[\s\S]{1,20}/g) ?? []
}
