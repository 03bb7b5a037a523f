import type { RunEvent } from './events.ts'

/** Names inside the data of an event whose values no reader sees. */
const hidden = new Set([
  'toolUseId',
  'parent',
  'block',
  'approvalId',
  'approvalKind',
  'kind',
  'toolKind',
  'subtype',
  'state',
  'commands'
])

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal are made of them
const colours = /\u001b\[[0-9;:]*m/g

/** What an event shows, text by text: its message, then what stands inside its data. Without the colours of a terminal. */
export function* shownTexts({ message, data }: Pick<RunEvent, 'message' | 'data'>): Generator<string> {
  yield plain(message)
  yield* textsInside(data)
}

function* textsInside(value: unknown): Generator<string> {
  if (typeof value === 'string') yield plain(value)
  else if (typeof value === 'object' && value !== null)
    for (const [name, inside] of Object.entries(value)) if (!hidden.has(name)) yield* textsInside(inside)
}

function plain(text: string): string {
  return text.includes('\u001b') ? text.replace(colours, '') : text
}
