import type { Span } from './matcher.ts'

/** Stands for text that could not be looked through. */
const unseen = '[not shown: looking for secrets in it failed]'

/** What stands in the place of a value. */
export function markOf({ name }: Span): string {
  return name === '' ? unseen : `[redacted ${name}]`
}

export function replaced(text: string, spans: readonly Span[]): string {
  if (spans.length === 0) return text
  let result = ''
  let at = 0
  for (const span of spans) {
    result += text.slice(at, span.start) + markOf(span)
    at = span.end
  }
  return result + text.slice(at)
}
