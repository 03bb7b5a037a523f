import type { RunFailure } from '#contract/runs/runs'
import type { TurnError } from './protocol.ts'

const advice: Record<string, string> = {
  RUNTIME_NOT_SIGNED_IN: 'Sign in: run `codex login` in a terminal, or set OPENAI_API_KEY.',
  AUTHENTICATION_FAILED: 'Sign in again: run `codex login` in a terminal, or check OPENAI_API_KEY.',
  RATE_LIMITED: 'Wait until the limit has passed, then follow up or run it again.',
  OVERLOADED: 'The model API is at capacity. Try again in a few minutes.',
  MODEL_ERROR: 'This is a fault of the model API or of the way to it. Try again in a moment.',
  SANDBOX_FAILED:
    'Codex could not set up its sandbox on this machine. In a container, or where the sandbox cannot work, choose the permission mode that asks nothing.',
  SESSION_MISSING: 'The session is not on this machine any more. Start a new run.',
  INVALID_MODEL_REQUEST:
    'The model API did not accept the request. A new run, or another model, may be accepted; check the name of the model.'
}

const codeOfStatus: Record<number, string> = {
  400: 'INVALID_MODEL_REQUEST',
  401: 'AUTHENTICATION_FAILED',
  402: 'INVALID_MODEL_REQUEST',
  403: 'AUTHENTICATION_FAILED',
  404: 'INVALID_MODEL_REQUEST',
  413: 'INVALID_MODEL_REQUEST',
  429: 'RATE_LIMITED',
  503: 'OVERLOADED',
  529: 'OVERLOADED'
}

/** By the names that Codex gives to errors. */
const codeOfInfo: Record<string, string> = {
  contextWindowExceeded: 'INVALID_MODEL_REQUEST',
  sessionBudgetExceeded: 'MAX_BUDGET',
  usageLimitExceeded: 'RATE_LIMITED',
  rateLimitExceeded: 'RATE_LIMITED',
  serverOverloaded: 'OVERLOADED',
  modelNotFound: 'INVALID_MODEL_REQUEST',
  unauthorized: 'AUTHENTICATION_FAILED',
  badRequest: 'INVALID_MODEL_REQUEST',
  sandboxError: 'SANDBOX_FAILED'
}

/** The failure that the error of a turn stands for. */
export function failureOf(error: TurnError): RunFailure {
  const code = codeOf(error)
  const said = wordsOf(error.message)
  return { code, message: [said, advice[code]].filter(Boolean).join('\n') }
}

/** A request of ours that was refused before a turn began. */
export function failureOfReply(what: string, message: string): RunFailure {
  const code = /no rollout found|thread not found|failed to (load|read) (rollout|thread)/i.test(message)
    ? 'SESSION_MISSING'
    : /missing environment variable|not (logged|signed) in/i.test(message)
      ? 'RUNTIME_NOT_SIGNED_IN'
      : 'AGENT_REFUSED'
  const said = code === 'AGENT_REFUSED' ? `Codex refused ${what}: ${message}` : message
  return { code, message: [said, advice[code]].filter(Boolean).join('\n') }
}

function codeOf(error: TurnError): string {
  if (/missing environment variable/i.test(error.message)) return 'RUNTIME_NOT_SIGNED_IN'
  const { name, status } = infoOf(error.codexErrorInfo)
  const known = codeOfInfo[name] ?? (status === null ? undefined : codeOfStatus[status])
  if (known !== undefined) return known
  const told = statusIn(error.message)
  if (told !== null) return codeOfStatus[told] ?? 'MODEL_ERROR'
  // The body of an answer that refuses the request, as it came.
  return /^\s*\{\s*"error"/.test(error.message) ? 'INVALID_MODEL_REQUEST' : 'MODEL_ERROR'
}

/** A name, or a name with what is known of the answer: `{"httpConnectionFailed":{"httpStatusCode":401}}`. */
function infoOf(info: unknown): { name: string; status: number | null } {
  if (typeof info === 'string') return { name: info, status: null }
  const [name = '', rest] = Object.entries((info ?? {}) as Record<string, unknown>)[0] ?? []
  const status = (rest as { httpStatusCode?: unknown } | null)?.httpStatusCode
  return { name, status: typeof status === 'number' ? status : null }
}

function statusIn(message: string): number | null {
  const status = /\b(?:status:?|HTTP) (\d{3})\b/i.exec(message)?.[1]
  return status === undefined ? null : Number(status)
}

function wordsOf(message: string): string {
  try {
    const said = (JSON.parse(message) as { error?: { message?: unknown } }).error?.message
    return typeof said === 'string' ? said : message
  } catch {
    return message
  }
}

/** Words for a retry: what happened and what comes next. */
export function retryReason(error: TurnError): { reason: string; status: number | null } {
  const { status: told } = infoOf(error.codexErrorInfo)
  const status = told ?? statusIn(error.additionalDetails ?? '')
  const attempt = /(\d+)\/(\d+)/.exec(error.message)
  const again = attempt === null ? 'Trying again.' : `Trying again, attempt ${attempt[1]} of ${attempt[2]}.`
  return { reason: `${whatHappened(status)}. ${again}`, status }
}

function whatHappened(status: number | null): string {
  switch (codeOfStatus[status ?? 0]) {
    case 'RATE_LIMITED':
      return 'The model API limits the rate (429)'
    case 'OVERLOADED':
      return `The model API is overloaded (${status})`
    case 'AUTHENTICATION_FAILED':
      return `The model API refused the credential (${status})`
    default:
      return status === null || status === 200
        ? 'The answer of the model API broke off, or it cannot be reached'
        : `The model API answered ${status}`
  }
}
