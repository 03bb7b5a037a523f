/** How well words fit, from 0 to 1: by the keywords alone, for the ids in the values are nobody's words. */
export function rank(_value: string, words: string, keywords: readonly string[] = []): number {
  const wanted = words.trim().toLowerCase()
  return Math.max(0, ...keywords.map(keyword => rankOf(keyword.toLowerCase(), wanted)))
}

function rankOf(text: string, wanted: string): number {
  if (text.startsWith(wanted)) return 1
  if (text.includes(` ${wanted}`)) return 0.9
  if (text.includes(wanted)) return 0.7
  let at = -1
  for (const letter of wanted) {
    at = text.indexOf(letter, at + 1)
    if (at < 0) return 0
  }
  return wanted.length > 2 ? 0.2 : 0
}

/** The best of a list by the same rank, those of one rank in their order; without words the first. */
export function best<Thing>(
  things: readonly Thing[],
  words: string,
  keywordsOf: (thing: Thing) => readonly string[],
  most: number
): Thing[] {
  if (words.trim() === '') return things.slice(0, most)
  return things
    .map(thing => ({ thing, rank: rank('', words, keywordsOf(thing)) }))
    .filter(one => one.rank > 0)
    .sort((a, b) => b.rank - a.rank)
    .slice(0, most)
    .map(one => one.thing)
}
