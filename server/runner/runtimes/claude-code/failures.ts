import type { RunFailure } from '#contract/runs/runs'
import type { ResultLine } from './protocol.ts'

const advice: Record<string, string> = {
  RUNTIME_NOT_SIGNED_IN: 'Sign in: run `claude` in a terminal and enter /login, or set ANTHROPIC_API_KEY.',
  AUTHENTICATION_FAILED: 'Sign in again: run `claude` in a terminal and enter /login, or check ANTHROPIC_API_KEY.',
  RATE_LIMITED: 'Wait until the limit has passed, then follow up or run it again.',
  OVERLOADED: 'The model API is at capacity. Try again in a few minutes.',
  MODEL_ERROR: 'This is a fault of the model API or of the way to it. Try again in a moment.',
  SESSION_MISSING: 'The session is not on this machine any more, or belongs to another folder. Start a new run.',
  MAX_TURNS: 'Follow up to let it go on.'
}

/** What the model API does not accept is told apart by its words, and where they say nothing by its status. */
const refusals: readonly { words: RegExp; status: number | null; advice: string }[] = [
  {
    words: /prompt is too long|context (window|length|limit)|maximum context|too many (input )?tokens/i,
    status: null,
    advice: 'The conversation is longer than the model can read. Follow up with /compact, or start a new run.'
  },
  {
    words: /credit balance|billing|payment/i,
    status: 402,
    advice: 'The account has nothing left to pay with. Add credit at the provider, or use another key.'
  },
  {
    words: /request_too_large|request (is )?too large|exceeds the maximum (size|number of bytes)/i,
    status: 413,
    advice: 'The request is larger than the model API takes. Attach less, or start a new run.'
  },
  {
    words: /\b(image|pdf|document|media_type)\b/i,
    status: null,
    advice: 'The model API did not accept something that was attached. Start a new run without it.'
  },
  {
    words: /\bmodel\b.*(not[ _]found|not exist|not supported|no access|invalid)|not_found_error.*model/i,
    status: 404,
    advice: 'The model API does not know this model, or not for this account. Check the name of the model.'
  }
]

function refusalAdvice(said: string, status: number | null): string {
  const known = refusals.find(({ words }) => words.test(said)) ?? refusals.find(refusal => refusal.status === status)
  return known?.advice ?? 'The model API did not accept the request. A new run, or other settings, may be accepted.'
}

const codeOfStatus: Record<number, string> = {
  400: 'INVALID_MODEL_REQUEST',
  402: 'INVALID_MODEL_REQUEST',
  401: 'AUTHENTICATION_FAILED',
  403: 'AUTHENTICATION_FAILED',
  404: 'INVALID_MODEL_REQUEST',
  413: 'INVALID_MODEL_REQUEST',
  429: 'RATE_LIMITED',
  529: 'OVERLOADED'
}

const codeOfWord: Record<string, string> = {
  authentication_failed: 'AUTHENTICATION_FAILED',
  rate_limit: 'RATE_LIMITED',
  overloaded: 'OVERLOADED',
  invalid_request: 'INVALID_MODEL_REQUEST'
}

/** What the API said before, for results that do not repeat it. */
export interface ApiTrouble {
  status: number | null
  word: string | null
}

/** The failure that a result with `is_error` stands for. */
export function failureOfResult(result: ResultLine, trouble: ApiTrouble): RunFailure {
  const said = result.result ?? result.errors.join('\n')
  const code = codeOfResult(result, said, trouble)
  const hint = /try again/i.test(said) ? undefined : adviceFor(code, said, result.api_error_status ?? trouble.status)
  return { code, message: [said, hint].filter(Boolean).join('\n') || `Claude Code ended with ${result.subtype}` }
}

function adviceFor(code: string, said: string, status: number | null): string | undefined {
  return code === 'INVALID_MODEL_REQUEST' ? refusalAdvice(said, status) : advice[code]
}

function codeOfResult(result: ResultLine, said: string, trouble: ApiTrouble): string {
  if (result.subtype === 'error_max_turns') return 'MAX_TURNS'
  if (result.subtype === 'error_max_budget_usd') return 'MAX_BUDGET'
  if (/No conversation found/i.test(said)) return 'SESSION_MISSING'
  if (/not logged in|run \/login/i.test(said) && result.api_error_status == null) return 'RUNTIME_NOT_SIGNED_IN'
  return apiFailureCode(result.api_error_status ?? trouble.status, trouble.word)
}

function apiFailureCode(status: number | null, word: string | null): string {
  const code = status === null ? undefined : codeOfStatus[status]
  return code ?? (word === null ? undefined : codeOfWord[word]) ?? 'MODEL_ERROR'
}

/** Words for a retry: what happened and what comes next. */
export function retryReason(status: number | null, attempt: number, of: number, delayMs: number): string {
  const what: Record<string, string> = {
    RATE_LIMITED: 'The model API limits the rate (429)',
    OVERLOADED: 'The model API is overloaded (529)',
    AUTHENTICATION_FAILED: `The model API refused the credential (${status})`
  }
  const said = status === null ? 'The model API cannot be reached' : `The model API answered ${status}`
  return `${what[apiFailureCode(status, null)] ?? said}. Trying again in ${seconds(delayMs)}, attempt ${attempt} of ${of}.`
}

function seconds(ms: number): string {
  return ms < 1000 ? 'a moment' : `${Math.round(ms / 1000)} s`
}
