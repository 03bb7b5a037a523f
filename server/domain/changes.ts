import { type Change, change, type Noun } from '#contract/live'
import type { ChangeRow } from '../store/changes.ts'
import type { SeenTable } from '../store/people/sight.ts'
import { toRunner } from '../store/runners/runners.ts'
import { toApproval } from '../store/runs/approvals.ts'
import { toRun } from '../store/runs/runs.ts'
import { toMessage } from '../store/work/messages.ts'
import { toTask } from '../store/work/tasks.ts'
import type { Domain, Reading } from './domain.ts'
import { renderAgent } from './fleet/agents.ts'
import { getBudget } from './money/budgets.ts'
import { sees } from './people/sight.ts'
import { renderFlow } from './work/flows/flows.ts'
import { renderEpic } from './work/tasks.ts'

/** How a change of a noun is told. */
interface Told<Data> {
  /** What decides who hears of it; null: everybody. */
  seen: SeenTable | 'admins' | null
  /** The thing as it is now; null when it is gone. Without it a change tells no more than the id. */
  now?: (domain: Domain, id: string) => Data | null
}

const nouns: { readonly [N in Noun]: Told<Extract<Change, { noun: N }>['data']> } = {
  run: { seen: 'runs', now: ({ store }, id) => as(toRun, store.runs.byId(id)) },
  // The queue of a run is told by its run.
  input: { seen: 'runs' },
  approval: { seen: 'approvals', now: ({ store }, id) => as(toApproval, store.approvals.byId(id)) },
  task: {
    seen: 'tasks',
    now: ({ store }, id) => as(row => toTask(row, store.tasks.dependencies([id])), store.tasks.byId(id))
  },
  epic: { seen: null, now: (domain, id) => as(row => renderEpic(domain, row), domain.store.epics.byId(id)) },
  flow: { seen: 'flows', now: (domain, id) => as(row => renderFlow(domain, row), domain.store.flows.byId(id)) },
  message: { seen: 'messages', now: ({ store }, id) => as(toMessage, store.messages.byId(id)) },
  agent: { seen: 'agents', now: (domain, id) => as(row => renderAgent(domain, row), domain.store.agents.byId(id)) },
  budget: { seen: 'budgets', now: (domain, id) => as(() => getBudget(domain, id), domain.store.budgets.byId(id)) },
  runner: {
    seen: null,
    now: ({ store }, id) =>
      as(row => (row.state === 'deleted' ? null : toRunner(row, store.runs.heldCount(id))), store.runners.byId(id))
  },
  engine: { seen: null, now: ({ engines }, id) => engines.list().find(engine => engine.id === id) ?? null },
  secret: { seen: 'secrets' },
  key: { seen: 'keys' },
  user: { seen: 'users' },
  session: { seen: 'sessions' },
  pairing: { seen: 'admins' },
  mcp: { seen: null },
  data: { seen: null }
}

function as<Row, Data>(render: (row: Row) => Data, row: Row | undefined): Data | null {
  return row === undefined ? null : render(row)
}

/** A row of the change log as JSON text, with the thing as it is now. */
export function changeBody(domain: Domain, { seq, ts, noun, op, id }: ChangeRow): string {
  const data = nouns[noun].now?.(domain, id) ?? null
  return JSON.stringify(change.parse({ seq, ts: new Date(ts).toISOString(), noun, op, id, data }))
}

/**
 * Whether the one who acts may hear of a change. What is gone tells no more than its id, which is nothing to who never saw
 * it; but that of a secret is its name.
 */
export function hears(domain: Reading, { noun, op, id }: ChangeRow): boolean {
  if (domain.sight === 'everything') return true
  if (op === 'deleted') return noun !== 'secret'
  const { seen } = nouns[noun]
  return seen === null || (seen !== 'admins' && sees(domain, seen, id))
}
