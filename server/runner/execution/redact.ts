const secretName = /KEY|TOKEN|SECRET|PASSWORD/i
const shortestSecret = 8

export interface Redactor {
  text(text: string): string
  /**
   * For text that comes in pieces: how many characters at its end could be the beginning of a secret and must wait for
   * the next piece.
   */
  undecided(text: string): number
}

/**
 * Hides the values of variables that hold secrets by their name, and those that are known to be secrets whatever their
 * name; the name stands in the place of the value.
 */
export function createRedactor(env: Record<string, string>, secrets: Record<string, string> = {}): Redactor {
  const names = new Map<string, string>()
  const named = Object.entries(env).filter(([name]) => secretName.test(name))
  for (const [name, value] of [...Object.entries(secrets), ...named]) {
    if (value.length < shortestSecret) continue
    for (const form of [value, JSON.stringify(value).slice(1, -1)]) if (!names.has(form)) names.set(form, name)
  }
  if (names.size === 0) return { text: text => text, undecided: () => 0 }

  // The longest first, so that a secret that contains another one is hidden whole.
  const forms = [...names.keys()].sort((a, b) => b.length - a.length)
  const pattern = new RegExp(forms.map(literal).join('|'), 'g')
  const longest = forms[0]?.length ?? 0
  return {
    text: text => text.replace(pattern, found => `[redacted ${names.get(found)}]`),
    undecided: text => undecided(text, forms, longest)
  }
}

function undecided(text: string, forms: string[], longest: number): number {
  for (let length = Math.min(longest - 1, text.length); length > 0; length--) {
    const end = text.slice(-length)
    if (forms.some(form => form.length > length && form.startsWith(end))) return length
  }
  return 0
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
