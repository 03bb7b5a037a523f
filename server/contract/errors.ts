import { z } from 'zod'

/** Every error an HTTP face can answer: its status and what it means. One table for server, OpenAPI and client. */
export const errorTable = {
  INVALID_REQUEST: { status: 400, meaning: 'A field is missing or wrong; `details` names it' },
  MALFORMED_JSON: { status: 400, meaning: 'The body is not JSON' },
  UNKNOWN_RUNTIME: { status: 400, meaning: 'No such runtime' },
  UNKNOWN_RUNNER: { status: 400, meaning: 'No such runner' },
  CWD_NOT_ALLOWED: { status: 400, meaning: 'The folder is outside what the runner may work in' },
  UNKNOWN_AGENT: { status: 400, meaning: 'No such agent' },
  UNKNOWN_TASK: { status: 400, meaning: 'No such task' },
  UNKNOWN_FLOW: { status: 400, meaning: 'No such flow' },
  UNKNOWN_MCP: { status: 400, meaning: 'No such MCP server' },
  UNKNOWN_EPIC: { status: 400, meaning: 'No such epic' },
  CIRCLE: { status: 400, meaning: 'It would depend on itself, directly or through others' },
  FLOW_NOT_ACTIVE: { status: 400, meaning: 'The flow is paused, archived or a draft' },
  UNAUTHORIZED: { status: 401, meaning: 'No credential, or one that is not valid' },
  BAD_SIGNATURE: { status: 401, meaning: 'The message is not signed with the secret of this webhook, or is too old' },
  FORBIDDEN: { status: 403, meaning: 'The credential does not reach this far' },
  CROSS_SITE: { status: 403, meaning: 'A page of another site made the request' },
  WRONG_PASSWORD: { status: 403, meaning: 'The present password is missing or wrong' },
  WRONG_CODE: { status: 403, meaning: 'The code is wrong, or was used before' },
  NOT_FOUND: { status: 404, meaning: 'Nothing there' },
  METHOD_NOT_ALLOWED: { status: 405, meaning: 'The path exists, the method does not; see `Allow`' },
  RUN_ENDED: { status: 409, meaning: 'The run has ended' },
  RUN_NOT_ENDED: { status: 409, meaning: 'The run has not ended yet' },
  RUN_NOT_RESUMABLE: { status: 409, meaning: 'The run has no session that could be continued' },
  APPROVAL_DECIDED: { status: 409, meaning: 'The approval was decided before' },
  INPUT_DELIVERED: { status: 409, meaning: 'The agent has read this input' },
  NOT_SUPPORTED: { status: 409, meaning: 'The runtime cannot do this' },
  NAME_TAKEN: { status: 409, meaning: 'Another one has this name' },
  EMAIL_TAKEN: { status: 409, meaning: 'Another person has this email address' },
  LAST_OWNER: { status: 409, meaning: 'There must be an owner' },
  MFA_STATE: { status: 409, meaning: 'Two-step login is on already, was not begun, or cannot be checked' },
  SYSTEM_AGENT: { status: 403, meaning: 'It ships with Flotilla and stays as it is' },
  AGENT_PAUSED: { status: 409, meaning: 'The agent is paused and takes no work' },
  AGENT_ARCHIVED: { status: 409, meaning: 'The agent is archived' },
  FLOW_RUNNING: { status: 409, meaning: 'The flow runs, and does not start beside itself' },
  WEBHOOK_REPLAYED: { status: 409, meaning: 'A message with this id was here before' },
  TASK_RUNNING: { status: 409, meaning: 'The task runs' },
  TASK_BLOCKED: { status: 409, meaning: 'Tasks that it depends on are not done' },
  IDEMPOTENCY_MISMATCH: { status: 409, meaning: 'The Idempotency-Key was used with another request' },
  PAIRING_UNKNOWN: { status: 404, meaning: 'There is no such pairing code, or it was voided' },
  PAIRING_USED: { status: 409, meaning: 'The pairing code was used; it works once' },
  PAIRING_EXPIRED: { status: 409, meaning: 'The pairing code is too old' },
  RUNNER_REPLACED: { status: 409, meaning: 'A newer process registered under this runner identity' },
  IDENTITY_TAKEN: { status: 409, meaning: 'Another runner has this identity and is connected' },
  RUNNER_OFFLINE: { status: 409, meaning: 'The runner is not connected' },
  NO_CHECKPOINTS: { status: 409, meaning: 'No checkpoint was taken of the files of this run' },
  NOTHING_TO_SEND: { status: 409, meaning: 'There is no comment that was not sent' },
  CHANGED_LATER: { status: 409, meaning: 'Files changed since; `details` names them, and nothing was done' },
  CHECKPOINT_GONE: { status: 409, meaning: 'The checkpoint is too old, or its repository is not there any more' },
  NOT_HELD: { status: 409, meaning: 'The run is not held by this runner in this attempt' },
  EVENT_GAP: { status: 409, meaning: 'Items before this batch are missing; `details.acked` is the last one stored' },
  BUDGET_EXHAUSTED: { status: 409, meaning: 'A budget does not reach for this run; `details` names it' },
  FLEET_NOT_EMPTY: { status: 409, meaning: 'There are agents: demo data is for a fleet without any' },
  LIMIT_REACHED: { status: 409, meaning: 'A stated limit is reached' },
  TOO_MANY_KEYS: { status: 409, meaning: 'There are as many keys as there may be' },
  PRECONDITION_FAILED: { status: 412, meaning: 'The resource changed since the ETag in If-Match' },
  TOO_LARGE: { status: 413, meaning: 'The body is larger than it may be; the message says how large' },
  RANGE_NOT_SATISFIABLE: { status: 416, meaning: 'The file does not reach that far' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, meaning: 'The body must be application/json' },
  MISDIRECTED: { status: 421, meaning: 'The Host header is not an address of this control plane' },
  TLS_REQUIRED: { status: 426, meaning: 'Beyond this computer it speaks https only' },
  RATE_LIMITED: { status: 429, meaning: 'Too many requests; see Retry-After' },
  INTERNAL: { status: 500, meaning: 'A fault on our side; the request id stands in the log' },
  RUNNER_SILENT: { status: 503, meaning: 'The runner was asked and gave no answer; the message says why' },
  ENGINE_UNAVAILABLE: {
    status: 503,
    meaning: 'The container engine cannot be used; the message says why and what to do, and `details` is its trouble'
  },
  STORE_UNAVAILABLE: { status: 503, meaning: 'The data folder cannot be written' },
  SHUTTING_DOWN: { status: 503, meaning: 'The control plane is stopping' }
} as const satisfies Record<string, { status: number; meaning: string }>

export type ErrorCode = keyof typeof errorTable

const errorCodes = Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]]

export const errorBody = z.object({
  error: z.object({
    code: z.enum(errorCodes),
    message: z.string(),
    details: z.unknown().optional(),
    requestId: z.string().optional()
  })
})

/** Thrown where a fault is known; rendered once per face. */
export class AppError extends Error {
  override name = 'AppError'
  readonly code: ErrorCode
  readonly details: unknown
  constructor(code: ErrorCode, message: string, details?: unknown) {
    super(message)
    this.code = code
    this.details = details
  }
  get status(): number {
    return errorTable[this.code].status
  }
}

/** What is left of a limit; `resetAt` in ms since 1970. */
export interface Allowance {
  requests: number
  remaining: number
  resetAt: number
}

/** Thrown with the seconds after which to try again. */
export class RateLimited extends AppError {
  readonly retryAfter: number
  readonly allowance: Allowance | null
  constructor(message: string, retryAfter: number, allowance: Allowance | null = null) {
    super('RATE_LIMITED', `${message}; try again in ${retryAfter} s`)
    this.retryAfter = retryAfter
    this.allowance = allowance
  }
}

/** What is wrong with a field, in words for a person. */
interface Fault {
  path: string
  text: string
}

/** Fields that the caller must mend. Its message begins with their names; a face that calls them otherwise renders them anew. */
export class FieldError extends AppError {
  override name = 'FieldError'
  readonly faults: readonly Fault[]
  constructor(
    code: ErrorCode,
    faults: readonly Fault[],
    details: unknown = faults.map(({ path, text }) => ({ path, message: text }))
  ) {
    super(code, faults.map(({ path, text }) => `${path}: ${text}`).join('; '), details)
    this.faults = faults
  }
}

/** One field; `short` says beside it in a form what `text` says in full. */
export function fieldError(code: ErrorCode, path: string, text: string, short = text): FieldError {
  return new FieldError(code, [{ path, text }], [{ path, message: short }])
}

export function invalid(path: string, text: string, short = text): FieldError {
  return fieldError('INVALID_REQUEST', path, text, short)
}

/** What may not be there, by the word for it in messages. */
export type Thing =
  | 'agent'
  | 'approval'
  | 'audit entry'
  | 'backup'
  | 'budget'
  | 'changed file'
  | 'checkpoint'
  | 'comment'
  | 'engine'
  | 'epic'
  | 'flow'
  | 'flow run'
  | 'image'
  | 'kept state'
  | 'key'
  | 'MCP server'
  | 'message'
  | 'pairing code'
  | 'person'
  | 'run'
  | 'runner'
  | 'session'
  | 'task'
  | 'webhook'

/** NOT_FOUND for a thing that a path names. */
export class Missing extends AppError {
  override name = 'Missing'
  readonly thing: Thing
  constructor(thing: Thing, id: string) {
    super('NOT_FOUND', `There is no ${thing} ${id}`)
    this.thing = thing
  }
}
