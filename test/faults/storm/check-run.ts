import { existsSync } from 'node:fs'
import type { RunEvent } from '#contract/runs/events'
import { isEnded } from '#contract/runs/runs'
import { entriesOf, type Journal } from './journal.ts'
import type { Ledger } from './ledger.ts'
import { type ClaudePlan, lineOf, type Plan } from './plan.ts'
import type { StoredRun } from './stored-run.ts'

type Say = (words: string) => void

/** One run: its log, its end, and whether its agent would tell the same story. */
export function checkRun(run: StoredRun, plan: Plan, journals: Journal[], ledger: Ledger, say: Say): void {
  const [journal] = journals
  if (journals.length > 1) say(`it was executed ${journals.length} times`)
  checkLog(run, say)
  checkEnd(run, say)
  checkTruth(run, plan, journal, ledger, say)
  checkLines(run, plan, journal, say)
  checkApprovals(run, journal, ledger, say)
  checkInputs(run, journal, ledger, say)
}

/** One run of a real CLI: what it started in the background was done when it says that it succeeded. */
export function checkCli(run: StoredRun, plan: ClaudePlan, ledger: Ledger, say: Say): void {
  const { row } = run
  const killed = ledger.killedAgents.has(row.id)
  checkLog(run, say)
  checkEnd(run, say)
  checkWhy(run, ledger, say)
  checkApprovals(run, undefined, ledger, say)
  if (row.status === 'FAILED' && !killed) say(`it failed with ${row.error_code} (${row.status_reason})`)
  if (row.status === 'SUCCEEDED' && plan.leaves !== null && !killed && !existsSync(plan.leaves))
    say('it succeeded, and what it started in the background was not done')
}

function checkLog({ row, events }: StoredRun, say: Say): void {
  const gap = events.findIndex((event, index) => event.seq !== index + 1)
  if (gap !== -1) say(`event ${gap + 1} is not there`)
  if (events.length !== row.last_seq) say(`it has ${events.length} events and says ${row.last_seq}`)
  if (events[0]?.kind !== 'user' || events[0].message !== row.input) say('its log does not begin with its prompt')
}

function isEnd({ kind, data }: RunEvent): boolean {
  return (kind === 'result' || kind === 'error') && typeof data.status === 'string'
}

function checkEnd({ row, events }: StoredRun, say: Say): void {
  if (!isEnded(row.status)) say(`it is ${row.status} for ever`)
  if (row.ended_at === null || row.status_since < row.created_at) say('it does not say since when')
  const ill = row.status !== 'SUCCEEDED' && row.status !== 'CANCELLED'
  if (ill && (!row.status_reason || row.error_code === null)) say(`it is ${row.status} and does not say why`)
  const ends = events.filter(isEnd)
  if (ends.at(-1)?.data.status !== row.status) say(`its log ends with ${ends.at(-1)?.data.status}, it is ${row.status}`)
  // What was given up may come back, once for each time.
  if (ends.slice(0, -1).some(end => end.data.status !== 'LOST')) say(`it ended ${ends.length} times`)
  if (row.status !== 'LOST' && ends.at(-1) !== events.at(-1)) say('its log goes on after its end')
}

function checkTruth(run: StoredRun, plan: Plan, journal: Journal | undefined, ledger: Ledger, say: Say): void {
  const { row } = run
  const result = entriesOf(journal, 'result').at(-1)?.text
  const left = entriesOf(journal, 'leaving').at(-1)?.how
  const killed = ledger.killedAgents.has(row.id)
  checkWhy(run, ledger, say)
  switch (row.status) {
    case 'SUCCEEDED':
      if (result === undefined) say('it succeeded, its agent had no result')
      if (plan.output === 'events' && row.result !== result)
        say(`its result is ${row.result}, its agent said ${result}`)
      break
    case 'FAILED':
      if (
        row.error_code === 'STORM'
          ? left === 'error'
          : row.error_code === 'AGENT_CRASHED' && (killed || left === 'crash')
      )
        break
      say(`it failed with ${row.error_code} (${row.status_reason}), its agent left ${left}${killed ? ', killed' : ''}`)
      break
    default:
      break
  }
}

/** Ends that somebody brought about. */
function checkWhy({ row }: StoredRun, ledger: Ledger, say: Say): void {
  if (row.status === 'CANCELLED' && !ledger.cancelled.has(row.id)) say('it is cancelled, nobody wanted that')
  if (row.status === 'TIMED_OUT' && row.timeout_seconds === null) say('it timed out without a limit')
  // One that is frozen still has its claim parked here, and is given what comes meanwhile.
  const lostWithRunner = ledger.runnersAway.some(({ from, to }) => to >= row.created_at && from <= (row.ended_at ?? 0))
  if (row.status === 'LOST' && !lostWithRunner) say(`it is lost (${row.status_reason}), its runner was not`)
}

function linesOf({ events }: StoredRun): string[] {
  const said = events.filter(event => event.kind === 'assistant')
  return said.flatMap(event => event.message.split('\n')).filter(text => text.startsWith('line '))
}

function checkLines(run: StoredRun, plan: Plan, journal: Journal | undefined, say: Say): void {
  const lines = linesOf(run)
  const said = entriesOf(journal, 'said').length
  // Of the line in the middle of which it was stopped, a part may be there.
  const isRight = (line: string, index: number) =>
    line === lineOf(index + 1) || (index === said && lineOf(index + 1).startsWith(line))
  const wrong = lines.findIndex((line, index) => !isRight(line, index))
  if (wrong !== -1) say(`line ${wrong + 1} reads "${lines[wrong]?.slice(0, 40)}" (${plan.output})`)
  const saying = entriesOf(journal, 'saying').length
  if (lines.length > saying) say(`it keeps ${lines.length} lines, its agent wrote ${saying}`)
  // What a killed runner had not yet told is gone with it.
  if (run.row.status !== 'LOST' && lines.length < said)
    say(`it is ${run.row.status} and keeps ${lines.length} lines, its agent wrote ${said}`)
}

function checkApprovals({ row, events, approvals }: StoredRun, journal: Journal | undefined, ledger: Ledger, say: Say) {
  const answered = entriesOf(journal, 'answered')
  for (const { id, key, status } of approvals) {
    const promised = ledger.decisions.get(id) ?? []
    const decided = status === 'approved' || status === 'denied'
    if (promised.length > 1) say(`approval ${key} was decided ${promised.length} times: ${promised.join(', ')}`)
    if (promised.some(one => one !== status)) say(`approval ${key} was ${promised.join(', ')}, it is ${status}`)
    if (decided && promised.length === 0) say(`approval ${key} is ${status}, nobody decided`)
    const states = events.filter(event => event.data.approvalId === id).map(event => event.data.state)
    if (states[0] !== 'requested' || states.at(-1) !== status || states.filter(state => state === status).length !== 1)
      if (status !== 'expired') say(`approval ${key} is ${status}, its events say ${states.join(', ')}`)
    const told = answered.filter(answer => answer.key === key)
    if (told.length > 1) say(`the answer to ${key} reached the agent ${told.length} times`)
    if (told[0] && told[0].allow !== (status === 'approved'))
      say(`the agent heard ${told[0].allow} to ${key}: ${status}`)
    if (status === 'pending') say(`approval ${key} still waits though the run is ${row.status}`)
  }
  for (const { key } of answered)
    if (!approvals.some(one => one.key === key)) say(`the agent heard an answer to ${key}, which was never stored`)
}

function checkInputs({ row, events, inputs }: StoredRun, journal: Journal | undefined, ledger: Ledger, say: Say): void {
  for (const { n, text } of ledger.inputs.filter(input => input.runId === row.id))
    if (!inputs.some(input => input.n === n && input.text === text)) say(`input ${n} was promised and is not there`)
  const delivered = inputs.filter(input => input.status === 'delivered').map(input => input.text)
  const told = events.filter(event => event.kind === 'user' && event.data.queued === true).map(event => event.message)
  const heard = entriesOf(journal, 'heard').map(entry => entry.text)
  const list = (texts: string[]) => texts.join(' / ')
  if (list(told) !== list(delivered)) say(`its log shows other input than was delivered: ${list(told)}`)
  if (list(heard) !== list(delivered.slice(0, heard.length))) say(`its agent heard other input than was delivered`)
  if (row.status === 'SUCCEEDED' && heard.length !== delivered.length)
    say(`it succeeded, and its agent heard ${heard.length} of ${delivered.length} inputs`)
}
