import type { Planted } from '#contract/demo'
import { AppError } from '#contract/errors'
import { isEnded, launchBody } from '#contract/runs/runs'
import type { RunRow } from '../../store/runs/runs.ts'
import { type Domain, recordChange, requireActor } from '../domain.ts'
import { createAgent } from '../fleet/agents.ts'
import { countRun } from '../money/usage.ts'
import { removeRun } from '../runs/removal.ts'
import { endRun } from '../runs/run-ending.ts'
import { stopRun } from '../runs/run-stopping.ts'
import { launchRun } from '../runs/runs.ts'
import { createEpic, createTask, deleteEpic } from '../work/tasks.ts'
import { plantFlows, removeFlows } from './demo-flows.ts'
import { playRun } from './played-runs.ts'
import { demoAgents, demoEpics, demoLive, demoRuns, demoTasks } from './story.ts'

const minuteMs = 60_000

/**
 * The domain as it was at another time: what happens in it happened then, and spends of no budget. The audit log goes by
 * its own clock.
 */
function at({ store, ...domain }: Domain, time: number): Domain {
  const budgets = { ...store.budgets, covering: () => [] }
  return { ...domain, store: { ...store, budgets }, clock: { now: () => time, steady: domain.clock.steady } }
}

/** Fills an empty fleet by the same rules by which real things happen, in one transaction. Throws FLEET_NOT_EMPTY. */
export function plantDemo(domain: Domain): Planted {
  const { store } = domain
  if (store.agents.count() > 0 || store.demo.any())
    throw new AppError(
      'FLEET_NOT_EMPTY',
      'There are agents already, archived ones included: demo data is for a fleet without any'
    )
  // What is decided is told at once: nobody in a window could take it back.
  const acting = { ...domain, actor: { ...requireActor(domain), kind: 'key' as const } }
  const now = domain.clock.now()
  const before = (minutes: number) => at(acting, Math.round(now - minutes * minuteMs))
  const past = before(8 * 24 * 60)
  const agents = demoAgents.map(({ name, team, description }) => {
    const { id } = createAgent(past, { name, team, description, tags: ['demo'], runtime: 'practice' })
    store.demo.mark('agent', id)
    return id
  })
  const epics = demoEpics.map(title => {
    const { id } = createEpic(past, { title, description: 'Demo data' })
    store.demo.mark('epic', id)
    return id
  })
  const tasks = demoTasks.map(({ title, input, agent, epic, priority, minutesAgo }) => {
    const assigneeId = agent === null ? null : (agents[agent] ?? null)
    const epicId = epic === null ? null : (epics[epic] ?? null)
    const { id } = createTask(before(minutesAgo), { title, input, priority, assigneeId, epicId })
    store.demo.mark('task', id)
    return id
  })
  for (const run of demoRuns)
    store.demo.mark(
      'run',
      playRun(minutes => before(minutes), run, agents[run.agent] ?? '', tasks[run.task ?? -1])
    )
  for (const { agent, prompt } of demoLive) {
    const body = launchBody.parse({ prompt, agentId: agents[agent] })
    store.demo.mark('run', launchRun(acting, body).id)
  }
  const flows = plantFlows(acting, agents)
  recordChange(domain, 'data', 'changed', 'demo')
  const runs = demoRuns.length + demoLive.length
  return { agents: agents.length, runs, tasks: tasks.length, epics: epics.length, flows }
}

/**
 * Takes away what `plantDemo` made, with its figures, and what was said about it. A demo agent or epic on which something
 * of somebody's own hangs is theirs from now on.
 */
export function removeDemo(domain: Domain): { kept: string[] } {
  const { store } = domain
  for (const id of [...store.demo.ids('run'), ...store.demo.runsOfFlows()]) {
    const run = store.runs.byId(id)
    if (run) forget(domain, run)
  }
  removeFlows(domain)
  for (const id of store.demo.ids('task')) {
    store.tasks.remove(id)
    recordChange(domain, 'task', 'deleted', id)
  }
  for (const id of store.demo.ids('epic'))
    if (store.epics.byId(id) && !store.demo.epicIsUsed(id)) deleteEpic(domain, id)
  const agents = store.demo.ids('agent')
  const used = agents.filter(id => store.demo.agentIsUsed(id))
  const gone = agents.filter(id => !used.includes(id))
  store.demo.removeMessages(gone)
  for (const id of gone) {
    store.demo.removeAgent(id)
    recordChange(domain, 'agent', 'deleted', id)
  }
  store.demo.clear()
  recordChange(domain, 'data', 'changed', 'demo')
  return { kept: used.flatMap(id => store.agents.byId(id)?.name ?? []) }
}

/** With its figures. One that goes on is told to stop, and its runner lets it go as soon as it hears that it is gone. */
function forget(domain: Domain, run: RunRow): void {
  const ended = isEnded(run.status)
    ? run
    : endRun(domain, run.status === 'QUEUED' ? run : stopRun(domain, run, true), {
        status: 'CANCELLED',
        result: null,
        error: null
      })
  countRun(domain, ended, -1)
  removeRun(domain, ended)
}
