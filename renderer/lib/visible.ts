// Characters that change what a reader sees without being seen: control codes, and marks that turn the direction of text.
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const deceptive = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g
/** Those that reach beyond the word they stand in; a mark that a language needs is none of them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const turning = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g

/** Text that is judged before it is allowed: what could deceive the eye is spelt out. Lines and tabs stay. */
export function visible(text: string): string {
  return text.replace(deceptive, spelt)
}

/** Text that is only read: what would turn the words around it is spelt out. In an element of its own use `Said`. */
export function readable(text: string): string {
  return text.replace(turning, spelt)
}

/** For what takes a string alone (a name, a tooltip, the title of the window): the direction of the text ends with it. */
export function isolated(text: string): string {
  return `\u2068${readable(text)}\u2069`
}

function spelt(character: string): string {
  if (character === '\r') return ''
  const code = character.codePointAt(0) ?? 0
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`
}
