const number = /^[+-]?\d[\d.,:_ -]*$/
/** Up to two, and a number; more are a pass phrase. */
const words = /^[\p{L}']{1,20}([-_. ][\p{L}']{1,20})?([-_. ]\d{1,4})?$/u
/** Letters that no language has in a row. */
const scrambled = /[^aeiouyäöü\W\d_]{6}/i
/** Upper case after lower case within a word, as chance has it and names do not more than once. */
const mixed = /(\p{Ll}\p{Lu}.*){2}|\p{Lu}{2}\p{Ll}+\p{Lu}/u
/** Of a path. What begins with a slash alone may be base64 as well. */
const begin = /^(~|\.{1,2}|[A-Za-z]:)[\\/]|^\/([a-z]{2,}\d?|Applications|Library|System|Users|Volumes)(\/|$)/
const longestSegment = 20

/** Whether a text is a path, an address without credentials, a number or a few words: nothing that only few know. */
export function isPlain(text: string): boolean {
  const value = text.trim()
  return value === '' || number.test(value) || isWords(value) || isPaths(value) || isPlainAddress(value)
}

function isWords(text: string): boolean {
  return words.test(text) && !scrambled.test(text) && !mixed.test(text)
}

/** One or several, as in a search path; without a begin that says so its parts are words. */
function isPaths(text: string): boolean {
  if (text.includes('://') || /[+=]/.test(text)) return false
  return begin.test(text) || (text.includes('/') && text.split('/').every(isWords))
}

function isPlainAddress(text: string): boolean {
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : null
  if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return false
  return url.pathname.split('/').every(segment => segment.length < longestSegment || isWords(segment))
}
