/** A command as it is typed in a shell, in words: blanks divide, quotes hold together. null: a quote stands open. */
export function readCommandLine(text: string): string[] | null {
  const words: string[] = []
  let word: string | null = null
  let quote = ''
  for (const char of text) {
    if (quote !== '') {
      if (char === quote) quote = ''
      else word = (word ?? '') + char
    } else if (char === '"' || char === "'") {
      quote = char
      word ??= ''
    } else if (/\s/.test(char)) {
      if (word !== null) words.push(word)
      word = null
    } else word = (word ?? '') + char
  }
  if (quote !== '') return null
  return word === null ? words : [...words, word]
}

/** As `readCommandLine` reads it. */
export function writeCommandLine(words: readonly string[]): string {
  return words.map(quoted).join(' ')
}

function quoted(word: string): string {
  if (word !== '' && !/[\s"']/.test(word)) return word
  if (!word.includes('"')) return `"${word}"`
  return word
    .split('"')
    .map(part => (part === '' ? '' : `"${part}"`))
    .join(`'"'`)
}
