import type { RunFailure } from '#contract/runs/runs'
import { record, text } from './lenient.ts'
import { type Prompted, type RpcFailure, rpcCodes } from './protocol.ts'

/** The code and the advice for what a model API answered. */
const ofStatus: Record<number, [code: string, advice: string]> = {
  400: [
    'INVALID_MODEL_REQUEST',
    'The model API did not accept the request. A new run, or other settings, may be accepted.'
  ],
  401: ['AUTHENTICATION_FAILED', 'The model API refused the credential. Sign in again, or check the key.'],
  403: ['AUTHENTICATION_FAILED', 'The credential may not do this. Sign in again, or check the key.'],
  404: ['INVALID_MODEL_REQUEST', 'The model API does not know this model. Check the name of the model.'],
  429: ['RATE_LIMITED', 'Wait until the limit has passed, then follow up or run it again.'],
  529: ['OVERLOADED', 'The model API is at capacity. Try again in a few minutes.']
}
const ofOthers: [code: string, advice: string] = [
  'MODEL_ERROR',
  'This is a fault of the model API or of the way to it. Try again in a moment.'
]

/** The failure of a run that a model API stands behind, by the status that it answered with. */
export function modelFailure(said: string, status: number | null): RunFailure {
  const [code, advice] = (status === null ? undefined : ofStatus[status]) ?? ofOthers
  return { code, message: `${said}\n${advice}` }
}

/** The HTTP status that stands in what an agent says of an error. */
export function statusIn(said: string): number | null {
  const found = /"code":\s*([45]\d\d)\b/.exec(said) ?? /\b(?:API Error|status|error)\D{0,12}([45]\d\d)\b/i.exec(said)
  return found === null ? null : Number(found[1])
}

/** What a request to an agent failed with. `title` names the agent. */
export function rpcFailure(title: string, failure: RpcFailure): RunFailure {
  const said = wordsOf(failure)
  if (failure.code === rpcCodes.authRequired)
    return { code: 'RUNTIME_NOT_SIGNED_IN', message: `${title} is not signed in: ${said}` }
  const status = failure.code >= 400 && failure.code < 600 ? failure.code : statusIn(said)
  return status === null ? { code: 'AGENT_FAILED', message: said } : modelFailure(said, status)
}

/** Some say what happened in the message, others beside it. */
function wordsOf({ message, data }: RpcFailure): string {
  const more = text(data) ?? text(record(data)?.details) ?? text(record(data)?.message)
  const said = [message, more].filter(part => part != null && part !== '').join(': ')
  return (said || 'The agent gave no reason').slice(0, 4000)
}

/** Why a turn ended that did not end well; null: it did, or was stopped. */
export function failureOfStop(title: string, reason: Prompted['stopReason']): RunFailure | null {
  switch (reason) {
    case 'end_turn':
    case 'cancelled':
      return null
    case 'max_tokens':
      return { code: 'MAX_TOKENS', message: `${title} stopped at its limit of tokens. Follow up to let it go on.` }
    case 'max_turn_requests':
      return { code: 'MAX_TURNS', message: `${title} stopped at its limit of requests. Follow up to let it go on.` }
    case 'refusal':
      return { code: 'REFUSED', message: `${title} refuses to go on with this. Start a new run with another prompt.` }
  }
}
