import { type Retention, retention as schema } from '#contract/data'
import { isEnded } from '#contract/runs/runs'
import type { Store } from '../../store/store.ts'
import { type Domain, recordChange } from '../domain.ts'
import type { Duty } from '../duty.ts'
import { emptyRun, removeRun } from '../runs/removal.ts'

const dayMs = 86_400_000
/** How often is looked for what is too old. */
const everyMs = 3_600_000
/** Things let go in one transaction, so that nobody waits for all of them. */
const step = 50
/** Rows deleted in one transaction of what was let go. */
const sweepStep = 2000

const forEver: Retention = {
  runDays: null,
  eventDays: null,
  eventBytes: null,
  messageDays: null,
  workspaceDays: null
}

export function readRetention(domain: Pick<Domain, 'store'>): Retention {
  const stored = domain.store.settings.get('retention')
  return stored === null ? forEver : schema.parse({ ...forEver, ...(JSON.parse(stored) as object) })
}

export function changeRetention(domain: Domain, wish: Partial<Retention>): Retention {
  const now = { ...readRetention(domain), ...wish }
  domain.store.settings.set('retention', JSON.stringify(now))
  recordChange(domain, 'data', 'changed', 'retention')
  domain.store.writer.afterCommit(() => domain.bus.publish('duties', '', null))
  return now
}

/** Deletes by and by what was let go. */
export const sweeping: Duty = {
  due: domain => (domain.store.removal.hasSweeps() ? 0 : null),
  perform: domain => domain.store.removal.sweep(sweepStep),
  late: 'perform'
}

/** When was looked last, by the steady clock, and by which rules; a start looks anew. */
const looks = new WeakMap<Store, { at: number; rules: string }>()

/** Lets go what is older, or weighs more, than is wanted: at the start, then every hour, and when the rules change. */
export const letGoOld: Duty = {
  late: 'perform',
  due(domain) {
    const rules = readRetention(domain)
    if (Object.values(rules).every(limit => limit === null)) return null
    const looked = looks.get(domain.store)
    return looked?.rules === JSON.stringify(rules) ? looked.at + everyMs - domain.clock.steady() : 0
  },
  perform(domain) {
    const rules = readRetention(domain)
    // As long as there is more it stays due, and is done step by step.
    if (letGoRuns(domain, rules) || letGoTicks(domain, rules) || letGoMessages(domain, rules)) return
    looks.set(domain.store, { at: domain.clock.steady(), rules: JSON.stringify(rules) })
    domain.store.writer.afterCommit(() => void letGoHeavy(domain, rules).catch(domain.store.onError))
  }
}

/** Whether there may be more. */
function letGoRuns(domain: Domain, { runDays, eventDays }: Retention): boolean {
  const { removal } = domain.store
  const runs = runDays === null ? [] : removal.endedBefore(before(domain, runDays), step)
  for (const run of runs) removeRun(domain, run)
  const full = eventDays === null ? [] : removal.fullBefore(before(domain, eventDays), step)
  for (const run of full) emptyRun(domain, run)
  return runs.length === step || full.length === step
}

/** What a flow remembers of its runs is kept as long as they are. */
function letGoTicks(domain: Pick<Domain, 'store' | 'clock'>, { runDays }: Retention): boolean {
  if (runDays === null) return false
  return domain.store.flowTicks.removeBefore(before(domain, runDays), sweepStep) === sweepStep
}

function letGoMessages(domain: Pick<Domain, 'store' | 'clock'>, { messageDays }: Retention): boolean {
  if (messageDays === null) return false
  return domain.store.messages.removeBefore(before(domain, messageDays), sweepStep) === sweepStep
}

function before(domain: Pick<Domain, 'clock'>, days: number): number {
  return domain.clock.now() - days * dayMs
}

/** What must be weighed first is weighed in the thread for that. */
async function letGoHeavy(domain: Domain, rules: Retention): Promise<void> {
  if (rules.eventBytes !== null) await letGoHeavyEvents(domain, rules.eventBytes)
  if (rules.workspaceDays !== null) await letGoWorkspaces(domain, rules.workspaceDays)
}

async function letGoHeavyEvents(domain: Domain, limit: number): Promise<void> {
  const { store } = domain
  const bytes = await store.reader.ask('tableBytes', 'events')
  if (bytes <= limit) return
  const numbers = await store.reader.ask('eventsToLetGo', { share: 1 - limit / bytes, limit: 10_000 })
  for (let at = 0; at < numbers.length; at += step)
    await store.writer.write(() => {
      for (const run of numbers.slice(at, at + step).flatMap(number => store.runs.byNumber(number) ?? []))
        if (isEnded(run.status) && run.events_removed_at === null) emptyRun(domain, run)
    })
}

async function letGoWorkspaces(domain: Pick<Domain, 'store' | 'clock'>, days: number): Promise<void> {
  const { folders } = await domain.store.reader.ask('folders', domain.store.workspaces)
  for (const folder of folders)
    if (folder.changedAt < before(domain, days) && mayGo(domain, folder.name, before(domain, days)))
      await domain.store.reader.ask('removeFolder', `${domain.store.workspaces}/${folder.name}`)
}

/** Whether nobody will work in a private folder again: its name is that of an agent, or of the first run of a chain. */
function mayGo({ store }: Pick<Domain, 'store'>, name: string, time: number): boolean {
  const agent = store.agents.byId(name)
  if (agent)
    return agent.state === 'archived' && (agent.last_active_at ?? 0) < time && agent.running + agent.waiting === 0
  const chain = store.runs.list({
    statuses: null,
    runtime: null,
    rootRunId: name,
    agentId: null,
    taskId: null,
    flowId: null,
    runnerId: null,
    tag: null,
    folder: null,
    words: [],
    before: null,
    sight: 'everything',
    limit: 1,
    offset: 0
  })
  return chain.every(run => run.ended_at !== null && run.ended_at < time)
}
