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
