import { app, type Mutation, unit } from './mutation.ts'

const folder = 'server/domain/work/flows'

/** Work that starts by itself: when, how often, by whom, and what from outside is believed. */
export const flows: readonly Mutation[] = [
  {
    name: 'a paused flow is started by hand and by messages',
    file: `${folder}/flow-runs.ts`,
    find: `if (flow.status === 'active') return flow`,
    replace: `if (flow.status !== 'draft') return flow`,
    noticedBy: app('flows', 'does not start beside itself, nor while it is paused')
  },
  {
    name: 'a flow starts beside itself',
    file: `${folder}/ticks.ts`,
    find: `return overlap === 'parallel' ? max_parallel : 1`,
    replace: 'return max_parallel',
    noticedBy: app('flows', 'does not start beside itself, nor while it is paused')
  },
  {
    name: 'who waits for a turn never gets one',
    file: `${folder}/tick-moves.ts`,
    find: '    wakeQueued(domain, moved)',
    replace: '    void wakeQueued',
    noticedBy: app('flow-times', 'waits for its turn where it queues, and takes it')
  },
  {
    name: 'what was started is started again when the time of day is set back',
    file: `${folder}/trigger-duty.ts`,
    find: 'all.times.filter(time => !store.flowTicks.isTaken(trigger.id, time))',
    replace: 'all.times.filter(time => time > 0)',
    noticedBy: app('flow-times', 'back: what was started is not started again')
  },
  {
    name: 'what was missed is made up for without a limit',
    file: `${folder}/trigger-duty.ts`,
    find: '...missed.slice(-flow.catch_up_max)',
    replace: '...missed',
    noticedBy: app('flow-times', 'are made up for as the flow says: all')
  },
  {
    name: 'what passed while a flow was paused is made up for',
    file: `${folder}/tick-duty.ts`,
    find: 'if (next_at !== null) domain.store.flowTriggers.update(id, { next_at: null })',
    replace: 'if (next_at === 0) domain.store.flowTriggers.update(id, { next_at: null })',
    noticedBy: app('flow-times', 'a paused flow starts nothing, and makes up for nothing when it goes on')
  },
  {
    name: 'a flow that always asks starts at once',
    file: `${folder}/ticks.ts`,
    find: `if (flow.mode === 'always_ask') return`,
    replace: `if (flow.mode === 'always_ask' && tick.origin === 'webhook') return`,
    noticedBy: app('flows', 'waits in the inbox, and starts once somebody approves')
  },
  {
    name: 'no answer is yes',
    file: `${folder}/tick-answers.ts`,
    find: `moveTick(domain, tick, 'skipped', { code: 'UNANSWERED', message: 'Nobody answered in time' })`,
    replace: `moveTick(domain, tick, 'approved', null, { wake_at: domain.clock.now() })`,
    noticedBy: app('flows', 'is skipped as unanswered when nobody says anything')
  },
  {
    name: 'a paused flow goes on asking',
    file: `${folder}/tick-duty.ts`,
    find: `tick => closeQuestion(domain, tick, 'withdrawn')`,
    replace: '() => void closeQuestion',
    noticedBy: app('flows', 'does not wait any more once it is paused')
  },
  {
    name: 'a flow is approved for more than once',
    file: 'server/domain/runs/approvals.ts',
    find: `if (row.kind === 'flow' && !plain)`,
    replace: `if (row.kind === 'flow' && plain && !plain)`,
    noticedBy: app('flows', 'waits in the inbox, and starts once somebody approves')
  },
  {
    name: 'a run that a person stopped is tried again',
    file: `${folder}/tick-duty.ts`,
    find: `const final = ['CANCELLED', `,
    replace: 'const final = [',
    noticedBy: app('flows', 'is not tried again when a person stopped it')
  },
  {
    name: 'a flow that fails goes on for ever',
    file: `${folder}/tick-duty.ts`,
    find: `  stopFlow(domain, flow, 'error', reason)`,
    replace: '  void reason',
    noticedBy: app('flows', 'pauses its flow after so many in a row')
  },
  {
    name: 'flows start each other for ever',
    file: `${folder}/triggers.ts`,
    find: 'if (comesAfter(domain, source.id, flow.id))',
    replace: 'if (source.id === "" && comesAfter(domain, source.id, flow.id))',
    noticedBy: app('flows', 'flows that would start each other for ever')
  },
  {
    name: 'a flow starts with rights that its owner lost',
    file: `${folder}/standing.ts`,
    find: `if (!owner || !scopes.includes('write')) {`,
    replace: 'if (!owner) {',
    noticedBy: app('flows', 'starts with the rights of whose it is')
  },
  {
    name: 'a refused run of a flow leaves a part of it behind',
    file: 'server/domain/runs/runs.ts',
    find: 'const shares = sharesFor(domain, columns)',
    replace: 'const shares = (store.runs.queuedCount(), [] as ReturnType<typeof sharesFor>)',
    noticedBy: app('flow-times', 'since its budget is used up; it is refused')
  },
  {
    name: 'a pre-check lets everything pass',
    file: `${folder}/checks.ts`,
    find: 'if (exitCode === 0) return',
    replace: 'if (exitCode !== -1) return',
    noticedBy: app('flow-triggers', 'skips it with the reason')
  },
  {
    name: 'a message that nobody signed starts a flow',
    file: `${folder}/webhooks.ts`,
    find: 'if (!given.some(',
    replace: 'if (given.length > 99 && !given.some(',
    noticedBy: app('flow-triggers', 'refuses what is unsigned, forged, too old, or was there before')
  },
  {
    name: 'an old message starts a flow',
    file: `${folder}/webhooks.ts`,
    find: '- now) > toleranceMs)',
    replace: '- now) > toleranceMs * 100)',
    noticedBy: app('flow-triggers', 'refuses what is unsigned, forged, too old, or was there before')
  },
  {
    name: 'a message is played back',
    file: `${folder}/webhooks.ts`,
    find: 'if (!store.flowTriggers.takeMessage(trigger.id, id, now, now - 2 * toleranceMs))',
    replace: 'if (!store.flowTriggers.takeMessage(trigger.id, id, now, now - 2 * toleranceMs) && id === "")',
    noticedBy: app('flow-triggers', 'refuses what is unsigned, forged, too old, or was there before')
  },
  {
    name: 'a webhook takes as many messages as are sent',
    file: `${folder}/webhooks.ts`,
    find: 'now - 60_000) >= mostInAMinute)',
    replace: 'now - 60_000) >= mostInAMinute * 99)',
    noticedBy: app('flow-triggers', 'what comes too often')
  },
  {
    name: 'a stranger sends as much as somebody who is known',
    file: 'server/http/engine/body.ts',
    find: 'express.raw({ limit: rawLimit, type: () => true })',
    replace: 'express.raw({ limit: rawLimit * 100, type: () => true })',
    noticedBy: app('flow-triggers', 'refuses what is too large before it is read whole')
  },
  {
    name: 'what a person approved is never started',
    file: `${folder}/tick-duty.ts`,
    find: `    case 'approved':
    case 'retrying':
      launchTick(domain, flow, tick)`,
    replace: `    case 'approved':
      domain.store.flowTicks.update(tick.number, { wake_at: null })
      return
    case 'retrying':
      launchTick(domain, flow, tick)`,
    noticedBy: app('flows', 'waits in the inbox, and starts once somebody approves')
  },
  {
    name: 'a day that never comes is a schedule',
    file: `${folder}/schedule.ts`,
    find: 'if (nextAfter({ cron, timezone }, from) === null)',
    replace: 'if (nextAfter({ cron, timezone }, from) === 0)',
    noticedBy: unit('domain/work/flows/schedule', 'what cannot be a schedule is refused in words')
  },
  {
    name: 'a pre-check looks outside of its folder',
    file: 'server/runner/checks/look.ts',
    find: 'if (real !== root && !real.startsWith(root.endsWith(sep) ? root : root + sep))',
    replace: `if (real === '')`,
    noticedBy: unit('runner/checks/checks')
  }
]
