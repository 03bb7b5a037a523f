import type { RunEvent } from '#contract/runs/events'
import { shownTexts } from '#contract/runs/shown-text'

/** Parts words within a text that is shown: it separates them in the index, and is taken out of what people see. */
export const joint = '\u001f'
/** Stands between what an event says and its words in parts, so that no phrase reaches over it. */
export const divide = '\n\ue000\n'
/** Around what was found. */
export const marks = { open: '\u0002', close: '\u0003' }

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are ours here, and nothing that is said
const ours = /[\u0002\u0003\u001f\ue000]/g
/** Where a word of an identifier ends: the y of idempotencyKey, the P of HTTPServer. */
const ends = /[\p{Ll}\p{N}](?=\p{Lu})|\p{Lu}(?=\p{Lu}\p{Ll})/gu
const identifier = /[\p{Ll}\p{N}]\p{Lu}/u
/** Scripts that put no space between words: each sign is one, and a word is signs in this order. */
const unspaced = /[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]/g

/** Its words, also those that stand in an identifier. */
export function inParts(text: string): string {
  return text.replace(ends, `$&${joint}`)
}

export function spaced(text: string): string {
  return text.replace(unspaced, `$&${joint}`)
}

/**
 * What of an event can be found: all that it shows, each text once, and below it the lines with identifiers once more in their
 * words. So `GitHub` is found by github, and idempotencyKey by "idempotency key".
 */
export function searchText(event: Pick<RunEvent, 'message' | 'data'>): string {
  const texts = new Set<string>()
  for (const text of shownTexts(event)) if (text !== '') texts.add(text)
  const whole = spaced([...texts].join('\n').replace(ours, ' '))
  if (!identifier.test(whole)) return whole
  const lines = whole.split('\n').filter(line => identifier.test(line))
  return `${whole}${divide}${inParts(lines.join('\n'))}`
}
