import type { RunEvent } from '#contract/runs/events'

/** Whether the words stand in what an event shows: its text, or the text inside its data. Case does not count. */
export function matches(event: RunEvent, words: string): boolean {
  const wanted = words.toLowerCase()
  return holds(event.message, wanted) || holdsInside(event.data, wanted)
}

/** Names that no entry shows. */
const hidden = new Set(['toolUseId', 'parent', 'block', 'approvalId', 'kind', 'toolKind', 'subtype'])

function holdsInside(value: unknown, wanted: string): boolean {
  if (typeof value === 'string') return holds(value, wanted)
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([name, inside]) => !hidden.has(name) && holdsInside(inside, wanted))
}

function holds(text: string, wanted: string): boolean {
  return text.toLowerCase().includes(wanted)
}
