import { endingMs, questions } from '#contract/runners/questions'
import { preCheck } from '#contract/work/flows'
import type { TickRow } from '../../../store/work/flow-ticks.ts'
import type { FlowRow } from '../../../store/work/flows.ts'
import { type Domain, recordChange } from '../../domain.ts'
import type { Duty } from '../../duty.ts'
import { askCheck, flowsActor, type Verdict } from './checks.ts'
import { closeQuestion, expireTick } from './tick-answers.ts'
import { moveTick, wakeDuties, withOutcome } from './tick-moves.ts'
import { goOn, launchTick, raiseTick, skipWaiting, takeTurn } from './ticks.ts'

/** Ticks moved in one transaction. */
const step = 20
/** A check that told nothing for so long tells nothing any more: longer than a runner may take, in ms. */
const checkMs = Math.max(questions.look.limitMs, questions.tryCommand.limitMs) + 5 * endingMs
const longestDelayMs = 86_400_000

/** What is to be done with ticks at a time: checks, questions that nobody answered, retries, and what follows from an end. */
export const tickSteps: Duty = {
  due({ store, clock }) {
    const next = store.flowTicks.next()
    return next === null ? null : next - clock.now()
  },
  perform(domain) {
    for (const tick of domain.store.flowTicks.due(domain.clock.now(), step)) {
      // What was done for the one before may have moved it.
      const now = domain.store.flowTicks.byNumber(tick.number)
      if (now && now.wake_at !== null && now.wake_at <= domain.clock.now()) attend(domain, now)
    }
  },
  late: 'perform'
}

function attend(domain: Domain, tick: TickRow): void {
  const flow = domain.store.flows.byId(tick.flow_id)
  if (!flow) {
    domain.store.flowTicks.update(tick.number, { wake_at: null })
    return
  }
  switch (tick.status) {
    case 'checking':
      check(domain, flow, tick)
      return
    case 'pending':
      expireTick(domain, tick)
      return
    case 'queued':
      takeTurn(domain, flow, tick)
      return
    case 'approved':
    case 'retrying':
      launchTick(domain, flow, tick)
      return
    case 'completed':
    case 'failed':
      settle(domain, flow, tick)
      return
    case 'running':
    case 'skipped':
    case 'refused':
      domain.store.flowTicks.update(tick.number, { wake_at: null })
      return
    default:
      tick.status satisfies never
  }
}

/** Asked once. When that is cut off, by a kill as well, nothing is known and the flow says what then. */
function check(domain: Domain, flow: FlowRow, tick: TickRow): void {
  if (tick.reason_code !== null) {
    checked(domain, flow, tick, { type: 'unknown', message: 'The pre-check was cut off' })
    return
  }
  const why = { code: 'ASKED', message: 'A runner is asked' }
  const asked = moveTick(domain, tick, 'checking', why, { wake_at: domain.clock.now() + checkMs })
  domain.store.writer.afterCommit(() => void answerCheck(domain, flow, asked).catch(domain.store.onError))
}

async function answerCheck(domain: Domain, flow: FlowRow, { number }: TickRow): Promise<void> {
  const verdict = await askCheck(domain, flow)
  await domain.store.writer.write(() => {
    const [now, tick] = [domain.store.flows.byId(flow.id), domain.store.flowTicks.byNumber(number)]
    if (now && tick?.status === 'checking') checked(domain, now, tick, verdict)
  }, flowsActor)
}

function checked(domain: Domain, flow: FlowRow, tick: TickRow, verdict: Verdict): void {
  switch (verdict.type) {
    case 'go':
      domain.store.flows.update(flow.number, { check_seen: verdict.seen })
      goOn(domain, flow, tick)
      return
    case 'skip':
      moveTick(domain, tick, 'skipped', { code: 'CHECK', message: verdict.message })
      return
    case 'unknown':
      if (preCheck.parse(JSON.parse(flow.pre_check ?? 'null')).ifUnknown === 'run') goOn(domain, flow, tick)
      else moveTick(domain, tick, 'skipped', { code: 'CHECK_UNKNOWN', message: verdict.message })
      return
    default:
      verdict satisfies never
  }
}

/** Its run has ended: it is tried again, or that is what came of the tick, and what comes after it begins. */
function settle(domain: Domain, flow: FlowRow, tick: TickRow): void {
  if (mayRetry(flow, tick)) {
    const delay = Math.min(longestDelayMs, flow.retry_delay_seconds * 1000 * 2 ** (tick.attempt - 1))
    const why = { code: tick.reason_code ?? 'FAILED', message: tick.reason ?? 'It failed' }
    moveTick(domain, tick, 'retrying', why, { wake_at: domain.clock.now() + delay })
    return
  }
  domain.store.flowTicks.update(tick.number, { wake_at: null })
  count(domain, flow, tick)
  for (const trigger of domain.store.flowTriggers.after(flow.id)) {
    const { on } = JSON.parse(trigger.config) as { on: 'success' | 'failure' | 'end' }
    const next = domain.store.flows.byId(trigger.flow_id)
    const wanted = on === 'end' || (on === 'success') === (tick.status === 'completed')
    if (next?.status !== 'active' || !wanted) continue
    const given = { previous_result: tick.result ?? tick.reason ?? '' }
    raiseTick(domain, next, { origin: 'flow', trigger, dueAt: tick.ended_at ?? domain.clock.now(), given })
  }
  recordChange(domain, 'flow', 'changed', flow.id)
}

/** Who stopped a run wants it stopped; and of one that was lost nobody knows whether its agent is still at work. */
const final = ['CANCELLED', 'LOST', 'BUDGET_EXHAUSTED']

function mayRetry(flow: FlowRow, tick: TickRow): boolean {
  return (
    tick.status === 'failed' &&
    flow.status === 'active' &&
    tick.attempt <= flow.retries &&
    !final.includes(tick.reason_code ?? '')
  )
}

function count(domain: Domain, flow: FlowRow, tick: TickRow): void {
  const failed = tick.status === 'failed'
  const streak = failed ? flow.streak + (tick.reason_code === 'CANCELLED' ? 0 : 1) : 0
  domain.store.flows.update(flow.number, {
    recent: withOutcome(flow, failed ? 'failed' : 'completed'),
    runs: flow.runs + 1,
    failures: flow.failures + (failed ? 1 : 0),
    streak
  })
  if (flow.status !== 'active' || flow.pause_after_failures === null || streak < flow.pause_after_failures) return
  const reason = `${streak} runs in a row failed, the last one: ${tick.reason ?? 'unknown'}. Mend it, and make it active again.`
  stopFlow(domain, flow, 'error', reason)
}

/** It starts nothing any more. */
export function stopFlow(
  domain: Domain,
  flow: FlowRow,
  status: 'paused' | 'error' | 'archived' | 'draft',
  reason: string | null
): void {
  domain.store.flows.update(flow.number, { status, status_reason: reason, status_since: domain.clock.now() })
  for (const { id, next_at } of domain.store.flowTriggers.ofFlow(flow.id))
    if (next_at !== null) domain.store.flowTriggers.update(id, { next_at: null })
  const why = { code: 'FLOW_NOT_ACTIVE', message: reason ?? `The flow is ${status}` }
  skipWaiting(domain, flow, why, tick => closeQuestion(domain, tick, 'withdrawn'))
  recordChange(domain, 'flow', 'changed', flow.id)
  wakeDuties(domain)
}
