import { invalid } from '#contract/errors'
import { givenVariables } from '#contract/work/flow-variables'
import { iso } from '../../../store/columns.ts'
import type { FlowRow } from '../../../store/work/flows.ts'

const mark = /\{\{\s*([^{}]*?)\s*\}\}/g
const longestPrompt = 1_000_000

/** Throws INVALID_REQUEST for a variable that nobody gives. */
export function requireKnownVariables(prompt: string, variables: Readonly<Record<string, string>>): void {
  const clash = Object.keys(variables).find(name => name in givenVariables)
  if (clash !== undefined)
    throw invalid(
      `variables.${clash}`,
      `{{${clash}}} is ${givenVariables[clash as keyof typeof givenVariables]} already`
    )
  const known = [...Object.keys(variables), ...Object.keys(givenVariables)]
  for (const [, name = ''] of prompt.matchAll(mark))
    if (!known.includes(name))
      throw invalid('prompt', `{{${name}}} is not known; there are ${known.join(', ')}`, `{{${name}}} is not known`)
}

/** Throws INVALID_REQUEST for one that the flow does not have. */
export function requireOwnVariables(flow: Pick<FlowRow, 'variables'>, wanted: Readonly<Record<string, string>>): void {
  const own = Object.keys(variablesOf(flow))
  const unknown = Object.keys(wanted).find(name => !own.includes(name))
  if (unknown === undefined) return
  const known = own.length === 0 ? 'it has none of its own' : `it has ${own.join(', ')}`
  throw invalid(`variables.${unknown}`, `the flow has no such variable; ${known}`)
}

export function variablesOf({ variables }: Pick<FlowRow, 'variables'>): Record<string, string> {
  return JSON.parse(variables) as Record<string, string>
}

/** The prompt of one run. What came with the tick stands for what the flow says; what nobody gave is empty. */
export function filledPrompt(
  flow: Pick<FlowRow, 'title' | 'prompt' | 'variables' | 'last_run_at'>,
  tick: { due_at: number; given: string },
  now: number
): string {
  const values: Record<string, string> = {
    ...variablesOf(flow),
    flow: flow.title,
    date: iso(now).slice(0, 10),
    time: iso(now),
    due: iso(tick.due_at),
    last_run: flow.last_run_at === null ? 'never' : iso(flow.last_run_at),
    ...(JSON.parse(tick.given) as Record<string, string>)
  }
  return flow.prompt.replace(mark, (_, name: string) => values[name] ?? '').slice(0, longestPrompt)
}
