/** How well words fit, from 0 to 1: by the keywords alone, for the ids in the values are nobody's words. */
export function rank(_value: string, words: string, keywords: readonly string[] = []): number {
  const wanted = words.trim().toLowerCase()
  return Math.max(0, ...keywords.map(keyword => rankOf(keyword.toLowerCase(), wanted)))
}

function rankOf(text: string, wanted: string): number {
  if (text.startsWith(wanted)) return 1
  if (text.includes(` ${wanted}`)) return 0.9
  if (text.includes(wanted)) return 0.7
  return wanted.length > 2 && lettersOf(text, wanted) ? 0.2 : 0
}

/** Where the letters stand, each behind the one before; null: they do not. */
function lettersOf(text: string, wanted: string): number[] | null {
  const found: number[] = []
  for (const letter of wanted) {
    const at = text.indexOf(letter, (found.at(-1) ?? -1) + 1)
    if (at < 0) return null
    found.push(at)
  }
  return found
}

/** A text in parts, by whether they are what the words found, as `rank` finds it. */
export function marked(text: string, words: string): { text: string; hit: boolean }[] {
  const wanted = words.trim().toLowerCase()
  const small = text.toLowerCase()
  // Another length: small letters of these stand elsewhere.
  if (wanted === '' || small.length !== text.length) return [{ text, hit: false }]
  const inside = small.indexOf(` ${wanted}`)
  const at = small.startsWith(wanted) ? 0 : inside >= 0 ? inside + 1 : small.indexOf(wanted)
  const whole = at < 0 ? null : Array.from({ length: wanted.length }, (_, by) => at + by)
  const hits = new Set(whole ?? (wanted.length > 2 ? lettersOf(small, wanted) : null))
  const parts: { text: string; hit: boolean }[] = []
  for (let i = 0; i < text.length; i++) {
    const hit = hits.has(i)
    const last = parts.at(-1)
    if (last?.hit === hit) last.text += text[i]
    else parts.push({ text: text[i] ?? '', hit })
  }
  return parts
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
