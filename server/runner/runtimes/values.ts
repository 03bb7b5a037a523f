/** What a field that no schema looked at may be. */

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}
