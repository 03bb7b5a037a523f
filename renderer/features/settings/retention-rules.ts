import type { Retention } from '#contract/data'
import { bytes, count } from '../../lib/format.ts'

export interface Rule {
  field: keyof Retention
  title: string
  /** What goes when it is older, or heavier. */
  note: string
  unit: 'days' | 'GB'
}

export const rules: readonly Rule[] = [
  {
    field: 'eventDays',
    title: 'Events of ended runs',
    note: 'Then the stream of a run is empty; prompt, result, cost and approvals stay.',
    unit: 'days'
  },
  {
    field: 'eventBytes',
    title: 'All events together',
    note: 'Those of the runs that ended first go first.',
    unit: 'GB'
  },
  {
    field: 'runDays',
    title: 'Ended runs',
    note: 'Then the whole run goes, except the last one of an agent’s conversation.',
    unit: 'days'
  },
  { field: 'messageDays', title: 'Messages', note: 'Between agents and people.', unit: 'days' },
  {
    field: 'workspaceDays',
    title: 'Private folders',
    note: 'Those in which nothing worked: of runs without an agent, and of archived agents.',
    unit: 'days'
  }
]

const gigabyte = 1e9
const scale = { days: 1, GB: gigabyte }

/** As it stands in a field: empty is for ever. */
export function typedOf({ field, unit }: Rule, kept: Retention): string {
  const value = kept[field]
  return value === null ? '' : String(value / scale[unit])
}

/** What a field means, or what is wrong with it. */
export function limitOf({ unit }: Rule, typed: string): { value: number | null } | { fault: string } {
  const text = typed.trim().replace(',', '.')
  if (text === '') return { value: null }
  const number = Number(text)
  if (!Number.isFinite(number)) return { fault: 'A number, or nothing to keep it for ever' }
  if (unit === 'GB')
    return number >= 0.001 && number <= 1e6
      ? { value: Math.round(number * gigabyte) }
      : { fault: 'Between 0.001 and 1,000,000 GB' }
  return Number.isInteger(number) && number >= 1 && number <= 36_500
    ? { value: number }
    : { fault: 'A whole number of days, from 1 to 36,500' }
}

export function wordsOfLimit({ unit }: Rule, value: number | null): string {
  if (value === null) return 'for ever'
  return unit === 'GB' ? `up to ${bytes(value)}` : count(value, 'day')
}

/** Whether something that is kept now may go at once. */
export function isStricter(before: number | null, after: number | null): boolean {
  return after !== null && (before === null || after < before)
}
