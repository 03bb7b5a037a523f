/** Copies text; false when the browser refuses, as it does on plain http beyond loopback. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
