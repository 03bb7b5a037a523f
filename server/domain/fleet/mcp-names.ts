const longest = 64

/**
 * Identifiers for names that people chose, in their order: what a CLI can put into the name of a tool. A name that is one
 * already stays; the rest are told apart by a number.
 */
export function identifiersOf(names: readonly string[]): string[] {
  const taken = new Set(names.filter(isIdentifier))
  return names.map(name => (isIdentifier(name) ? name : free(cleaned(name), taken)))
}

function isIdentifier(name: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(name)
}

function cleaned(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{Mark}/gu, '')
  return plain.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '') || 'mcp'
}

function free(wanted: string, taken: Set<string>): string {
  for (let n = 1; ; n++) {
    const suffix = n === 1 ? '' : `-${n}`
    const name = wanted.slice(0, longest - suffix.length) + suffix
    if (taken.has(name)) continue
    taken.add(name)
    return name
  }
}
