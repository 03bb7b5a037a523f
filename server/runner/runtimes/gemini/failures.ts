import type { RunFailure } from '#contract/runs/runs'
import { modelFailure, statusIn } from '../../acp/failures.ts'
import type { Exit } from '../runtime.ts'
import type { ResultLine } from './protocol.ts'

export const signInHow =
  'Set GEMINI_API_KEY, or run `gemini` in a terminal and choose how to sign in. Accounts of private persons are not served by Gemini CLI any more; a key is.'

/** How the CLI ends when it has nothing to say on its stdout, by its exit codes. */
const exits: Record<number, [code: string, advice: string]> = {
  41: ['RUNTIME_NOT_SIGNED_IN', signInHow],
  42: ['AGENT_FAILED', 'Gemini CLI did not accept what it was started with.'],
  52: ['AGENT_FAILED', 'The settings of Gemini CLI do not hold. Run `gemini` in a terminal to see what is wrong.'],
  53: ['MAX_TURNS', 'Follow up to let it go on.'],
  55: ['FOLDER_NOT_TRUSTED', 'Gemini CLI does not work in a folder that it was told not to trust.']
}

/** Statuses of a model API, which the CLI uses as its exit code as far as that goes. */
const statuses = [400, 401, 403, 404, 429, 500, 502, 503]

/** null: the exit says nothing in particular. */
export function exitFailure({ code, stderr }: Exit): RunFailure | null {
  const said = wordsOf(stderr)
  if (/Invalid session identifier|No previous sessions/i.test(stderr)) return sessionMissing(said)
  const known = code === null ? undefined : exits[code]
  if (known !== undefined) return { code: known[0], message: [said, known[1]].filter(Boolean).join('\n') }
  const status = statuses.find(one => one % 256 === code)
  return status === undefined ? null : modelFailure(said || `The model API answered ${status}`, status)
}

function sessionMissing(said: string): RunFailure {
  const advice = 'The session is not on this machine any more, or belongs to another folder. Start a new run.'
  return { code: 'SESSION_MISSING', message: `${said}\n${advice}` }
}

/** The failure that a result with the status `error` stands for. */
export function resultFailure({ error }: ResultLine): RunFailure {
  const said = error?.message || 'Gemini CLI ended with an error that it did not name'
  if (error?.type === 'FatalTurnLimitedError') return { code: 'MAX_TURNS', message: said }
  if (error?.type === 'FatalAuthenticationError')
    return { code: 'RUNTIME_NOT_SIGNED_IN', message: `${said}\n${signInHow}` }
  const limited = /quota|rate limit|RESOURCE_EXHAUSTED/i.test(said) ? 429 : null
  return modelFailure(said, statusIn(said) ?? limited)
}

/** It chats on stderr; what is said of an error stands there in a few of its lines. */
function wordsOf(stderr: string): string {
  const lines = stderr.split('\n').filter(line => line.trim() !== '' && !/^\s*at /.test(line))
  const errors = lines.filter(line => /error|invalid|please|failed/i.test(line))
  return (errors.length > 0 ? errors : lines).slice(-5).join('\n').slice(0, 2000)
}
