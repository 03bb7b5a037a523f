import type { Flow, FlowOutcome } from '#contract/work/flows'
import { flowOutcomes } from '#contract/work/flows'
import { type Domain, recordChange } from '../domain.ts'
import { createFlow, removeFlow } from '../work/flows/flows.ts'
import { withOutcome } from '../work/flows/tick-moves.ts'

const hourMs = 3_600_000

export interface DemoFlow {
  title: string
  prompt: string
  agent: number
  cron: string
  mode: Flow['mode']
  status: 'active' | 'paused'
  /** Hours between two times of it. */
  every: number
  /** What came of it, oldest first, by the first letters of the outcomes. */
  outcomes: string
}

/** None of them starts anything that is not the practice agent's: they look like real ones and cost nothing. */
export const demoFlows: readonly DemoFlow[] = [
  {
    title: 'Nightly look at the workspace (demo)',
    prompt: 'list',
    agent: 1,
    cron: '0 2 * * *',
    mode: 'auto',
    status: 'active',
    every: 24,
    outcomes: 'cccccccccccfcccccccc'
  },
  {
    title: 'Weekly dependency sweep (demo)',
    prompt: 'run echo "Demo: this would look for updates since {{last_run}}"',
    agent: 3,
    cron: '0 9 * * 1',
    mode: 'always_ask',
    status: 'active',
    every: 168,
    outcomes: 'cccscccccscc'
  },
  {
    title: 'Release notes draft (demo)',
    prompt: 'run echo "Demo: this would draft the notes"',
    agent: 6,
    cron: '0 12 * * 5',
    mode: 'always_ask',
    status: 'paused',
    every: 168,
    outcomes: 'ccccssscccccccs'
  }
]

/** Flows with a history, each of an agent of the demo. */
export function plantFlows(domain: Domain, agents: readonly string[]): number {
  for (const told of demoFlows) {
    const { id } = createFlow(domain, {
      title: told.title,
      description: 'Demo data',
      prompt: told.prompt,
      agentId: agents[told.agent] ?? '',
      mode: told.mode,
      status: told.status,
      triggers: [{ type: 'schedule', cron: told.cron }]
    })
    domain.store.demo.mark('flow', id)
    playTicks(domain, id, told)
  }
  return demoFlows.length
}

function playTicks(domain: Domain, id: string, { outcomes, every }: DemoFlow): void {
  const { store, clock, newId } = domain
  const letters = new Map<string, FlowOutcome>(flowOutcomes.map(outcome => [outcome.charAt(0), outcome]))
  const times = [...outcomes].map((letter, n) => ({
    outcome: letters.get(letter) ?? 'completed',
    at: clock.now() - (outcomes.length - n) * every * hourMs
  }))
  for (const { outcome, at } of times) {
    const flow = store.flows.byId(id)
    if (!flow) throw new Error('a demo flow vanished')
    const ran = outcome === 'completed' || outcome === 'failed'
    const number = store.flowTicks.insert({
      id: newId(),
      flow_id: id,
      trigger_id: null,
      origin: 'schedule',
      due_at: at,
      status: outcome,
      reason_code: outcome === 'completed' ? null : outcome === 'failed' ? 'MODEL_ERROR' : 'UNANSWERED',
      reason:
        outcome === 'completed' ? null : outcome === 'failed' ? 'The model is overloaded' : 'Nobody answered in time',
      missed: 0,
      given: '{}',
      created_at: at,
      ended_at: at + 48_000
    })
    if (ran)
      store.flowTicks.update(number, { started_at: at, attempt: 1, result: outcome === 'completed' ? 'Done' : null })
    store.flows.update(flow.number, {
      recent: withOutcome(flow, outcome),
      runs: flow.runs + (ran ? 1 : 0),
      failures: flow.failures + (outcome === 'failed' ? 1 : 0),
      ...(ran ? { last_run_at: at } : {}),
      created_at: Math.min(flow.created_at, at)
    })
  }
  recordChange(domain, 'flow', 'changed', id)
}

export function removeFlows(domain: Domain): void {
  for (const id of domain.store.demo.ids('flow')) if (domain.store.flows.byId(id)) removeFlow(domain, id)
}
