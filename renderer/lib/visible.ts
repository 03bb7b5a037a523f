// Characters that change what a reader sees without being seen: control codes, and marks that turn the direction of text.
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const deceptive = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g

/** Text that is judged before it is allowed: what could deceive the eye is spelt out. Lines and tabs stay. */
export function visible(text: string): string {
  return text.replace(deceptive, character => {
    if (character === '\r') return ''
    const code = character.codePointAt(0) ?? 0
    return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`
  })
}
