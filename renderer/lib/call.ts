import { createClient, overFetch } from '#contract/client'
import { AppError, type ErrorCode } from '#contract/errors'
import { randomId } from './random-id.ts'

/** Calls an endpoint as who is signed in. Throws AppError with the server's own words, or Unreachable. */
export const call = createClient({ transport: overFetch(), newKey: randomId, trusting: true })

export function isSignedOut(error: unknown): boolean {
  return error instanceof AppError && error.code === 'UNAUTHORIZED'
}

/** Words for a person, whatever was thrown. */
export function wordsOf(error: unknown): string {
  if (error instanceof AppError) return withoutFields(error)
  return error instanceof Error ? error.message : String(error)
}

/** Messages begin with the names of fields, for programs. A person sees the field, or never heard of it. */
function withoutFields({ message, details }: AppError): string {
  if (!Array.isArray(details)) return message
  let words = message
  for (const { path } of details as { path?: unknown }[]) {
    if (typeof path === 'string' && path !== '') words = words.replaceAll(`${path}: `, '')
  }
  return words === message ? message : words.charAt(0).toUpperCase() + words.slice(1)
}

/** Faults of single fields, by path, as the server names them in `details`. */
export function fieldErrorsOf(error: unknown): Record<string, string> {
  if (!(error instanceof AppError)) return {}
  const field = fieldOfCode[error.code]
  if (field) return { [field]: withoutFields(error) }
  if (!Array.isArray(error.details)) return {}
  const found: Record<string, string> = {}
  for (const detail of error.details as { path?: unknown; message?: unknown }[]) {
    if (typeof detail?.path === 'string' && typeof detail.message === 'string') found[detail.path] = detail.message
  }
  return found
}

const fieldOfCode: Partial<Record<ErrorCode, string>> = {
  CWD_NOT_ALLOWED: 'cwd',
  UNKNOWN_RUNTIME: 'runtime',
  UNKNOWN_RUNNER: 'runnerId'
}
