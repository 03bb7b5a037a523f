import { invalid } from '#contract/errors'
import { maxSearchTerms } from '#contract/runs/search'

/** One of each group must be said, and none of what is excluded. Each text is a word or words in this order. */
export interface SearchTerms {
  required: string[][]
  excluded: string[]
}

const parts = /-?"[^"]*"?|[^\s"]+/g
/** Without one of these there is nothing to look for. */
const sayable = /[\p{L}\p{N}]/u

/** Reads what a person typed. Never fails by its form: a quote that is not closed ends with the text. Throws INVALID_REQUEST. */
export function parseQuery(text: string): SearchTerms {
  const terms: SearchTerms = { required: [], excluded: [] }
  let either = false
  let count = 0
  for (const part of text.match(parts) ?? []) {
    if (part === 'OR') {
      either = terms.required.length > 0
      continue
    }
    const not = part.startsWith('-')
    const words = part.replace(/^-/, '').replaceAll('"', ' ').trim()
    if (part === 'AND' || !sayable.test(words)) continue
    count += 1
    if (not) terms.excluded.push(words)
    else if (either) terms.required.at(-1)?.push(words)
    else terms.required.push([words])
    either = false
  }
  if (count > maxSearchTerms)
    throw invalid(
      'q',
      `at most ${maxSearchTerms} words and phrases can be looked for at once, and these are ${count.toLocaleString('en-US')}; leave some out`,
      `At most ${maxSearchTerms} words and phrases at once`
    )
  if (terms.required.length === 0)
    throw invalid(
      'q',
      terms.excluded.length > 0
        ? 'say also what should be there, besides what should not'
        : 'say a word or a "phrase" to look for; signs alone are not found',
      terms.excluded.length > 0 ? 'Say also what should be there' : 'Say a word to look for'
    )
  return terms
}
