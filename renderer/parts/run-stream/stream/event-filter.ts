import type { Row } from './rows.ts'
import { hasFailed } from './tool-call-outcome.ts'

export const eventGroups = ['text', 'thinking', 'tools', 'edits', 'errors', 'system'] as const
export type EventGroup = (typeof eventGroups)[number]
export const verbosities = ['quiet', 'normal', 'everything'] as const
export type Verbosity = (typeof verbosities)[number]

/** Which events the reader wants to see. What a person said or is asked always shows. */
export interface EventFilter {
  hidden: readonly EventGroup[]
  /** Quiet: what the agent says, changes and fails at. Everything: like calls are not folded. */
  verbosity: Verbosity
}

export const unfiltered: EventFilter = { hidden: [], verbosity: 'normal' }

const notQuiet: readonly EventGroup[] = ['thinking', 'tools', 'system']

export function shows({ hidden, verbosity }: EventFilter, row: Row): boolean {
  const group = groupOf(row)
  if (group === null) return true
  return !hidden.includes(group) && !(verbosity === 'quiet' && notQuiet.includes(group))
}

function groupOf(row: Row): EventGroup | null {
  switch (row.type) {
    case 'prompt':
    case 'approval':
      return null
    case 'call':
      if (row.approval) return null
      if (hasFailed(row)) return 'errors'
      return row.use.toolKind === 'edit' ? 'edits' : 'tools'
    case 'error':
      return 'errors'
    case 'ending':
      return 'system'
    default:
      return row.type
  }
}

/** As it stands in the address: `?hide=thinking,system&events=quiet`. */
export function filterFrom(search: URLSearchParams): EventFilter {
  const hide = search.get('hide')?.split(',') ?? []
  const verbosity = verbosities.find(one => one === search.get('events')) ?? 'normal'
  return { hidden: eventGroups.filter(group => hide.includes(group)), verbosity }
}

export function withFilter(search: URLSearchParams, { hidden, verbosity }: EventFilter): URLSearchParams {
  const changed = new URLSearchParams(search)
  if (hidden.length > 0) changed.set('hide', hidden.join(','))
  else changed.delete('hide')
  if (verbosity === 'normal') changed.delete('events')
  else changed.set('events', verbosity)
  return changed
}
