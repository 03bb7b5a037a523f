import type { z } from 'zod'
import type { Endpoint } from '#contract/endpoint'
import { AppError, type ErrorCode } from '#contract/errors'
import { randomId } from './random-id.ts'

/** The control plane did not answer: it stopped, or the network is gone. */
export class Unreachable extends Error {
  override name = 'Unreachable'
}

type Part<Key extends string, Shape> =
  Record<never, never> extends Shape ? { [K in Key]?: Shape } : { [K in Key]: Shape }

type Request<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = Part<'params', z.input<P>> &
  Part<'query', z.input<Q>> &
  Part<'body', z.input<B>> & { signal?: AbortSignal; idempotencyKey?: string }

/** Calls an endpoint of the contract. Throws AppError with the server's own words, or Unreachable. */
export async function call<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, O extends z.ZodType>(
  endpoint: Endpoint<P, Q, B, O>,
  request: Request<P, Q, B>
): Promise<z.output<O>> {
  const { params, query, body, signal, idempotencyKey } = request as {
    params?: Record<string, unknown>
    query?: Record<string, unknown>
    body?: unknown
    signal?: AbortSignal
    idempotencyKey?: string
  }
  const mutates = endpoint.method !== 'GET'
  const headers: Record<string, string> = { accept: 'application/json' }
  if (mutates) {
    headers['content-type'] = 'application/json'
    headers['idempotency-key'] = idempotencyKey ?? randomId()
  }
  const response = await send(pathOf(endpoint.path, params) + queryOf(query), {
    method: endpoint.method,
    headers,
    body: mutates ? JSON.stringify(body ?? {}) : undefined,
    signal
  })
  if (!response.ok) throw await failureOf(response)
  return (await response.json()) as z.output<O>
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new Unreachable('Flotilla does not answer. It may have been stopped.')
  }
}

function pathOf(path: string, params: Record<string, unknown> = {}): string {
  return path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])))
}

function queryOf(query: Record<string, unknown> = {}): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined)
  if (pairs.length === 0) return ''
  return `?${new URLSearchParams(pairs.map(([name, value]) => [name, String(value)]))}`
}

async function failureOf(response: Response): Promise<AppError> {
  const body: unknown = await response.json().catch(() => null)
  const error = (body as { error?: { code?: ErrorCode; message?: string; details?: unknown } } | null)?.error
  if (error?.code && error.message) return new AppError(error.code, error.message, error.details)
  return new AppError('INTERNAL', `The control plane answered ${response.status} without saying why.`)
}

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
