/** localStorage that may be blocked, full or damaged; then nothing is remembered and nothing breaks. */
export function remembered<T>(name: string, fallback: T): T {
  try {
    const stored = localStorage.getItem(`flotilla.${name}`)
    return stored === null ? fallback : (JSON.parse(stored) as T)
  } catch {
    return fallback
  }
}

export function remember(name: string, value: unknown): void {
  try {
    localStorage.setItem(`flotilla.${name}`, JSON.stringify(value))
  } catch {
    // Not remembered: the page goes on with what it has.
  }
}
