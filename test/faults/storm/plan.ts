import { z } from 'zod'
import type { Random } from './random.ts'

const step = z.discriminatedUnion('do', [
  z.object({ do: z.literal('say'), lines: z.int(), pauseMs: z.int() }),
  z.object({ do: z.literal('ask') }),
  z.object({ do: z.literal('garbage') })
])

/** What an agent of the storm does. It is told as the prompt. */
const plan = z.object({
  output: z.enum(['lines', 'events']),
  steps: z.array(step),
  ending: z.enum(['well', 'error', 'crash', 'hang'])
})
export type Plan = z.infer<typeof plan>

/** What a real CLI of the storm does: the mock reads it in the prompt. */
export interface ClaudePlan {
  prompt: string
  permissionMode: 'default' | 'bypassPermissions'
  /** The file that what it starts in the background makes. */
  leaves: string | null
}

export function isScripted(one: Plan | ClaudePlan): one is Plan {
  return 'steps' in one
}

export function parsePlan(prompt: string): Plan {
  return plan.parse(JSON.parse(prompt))
}

/** The lines of an agent are known beforehand; now and then one is long. */
export function lineOf(n: number): string {
  return `line ${n} ${(n % 41 === 0 ? 'long ' : 'ab ').repeat(n % 41 === 0 ? 40_000 : n % 7)}.`
}

export function randomPlan(random: Random): Plan {
  const output = random.chance(0.3) ? 'lines' : 'events'
  const steps = Array.from({ length: random.int(1, 4) }, () => randomStep(random, output))
  const bad = output === 'lines' ? (['crash', 'hang'] as const) : (['crash', 'hang', 'error'] as const)
  return { output, steps, ending: random.chance(0.25) ? random.pick(bad) : 'well' }
}

function randomStep(random: Random, output: Plan['output']): Plan['steps'][number] {
  if (random.chance(0.1)) return { do: 'garbage' }
  if (output === 'events' && random.chance(0.25)) return { do: 'ask' }
  return { do: 'say', lines: random.int(1, 60), pauseMs: random.pick([0, 0, 5, 20, 60]) }
}
