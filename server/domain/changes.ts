import { change, type Noun } from '#contract/live'
import type { ChangeRow } from '../store/changes.ts'
import type { SeenTable } from '../store/people/sight.ts'
import { toRunner } from '../store/runners/runners.ts'
import { toApproval } from '../store/runs/approvals.ts'
import { toRun } from '../store/runs/runs.ts'
import { toMessage } from '../store/work/messages.ts'
import { toTask } from '../store/work/tasks.ts'
import type { Domain } from './domain.ts'
import { renderAgent } from './fleet/agents.ts'
import { getBudget } from './money/budgets.ts'
import { sees } from './people/sight.ts'
import { renderEpic } from './work/tasks.ts'

/** A row of the change log as JSON text, with the thing as it is now. */
export function changeBody(domain: Domain, row: ChangeRow): string {
  const { seq, noun, op, id } = row
  return JSON.stringify(
    change.parse({ seq, ts: new Date(row.ts).toISOString(), noun, op, id, data: dataOf(domain, row) })
  )
}

/**
 * Whether the one who acts may hear of a change. What is gone tells no more than its id, which is nothing to who never saw
 * it; but that of a secret is its name.
 */
export function hears(domain: Domain, { noun, op, id }: ChangeRow): boolean {
  if (domain.sight === 'everything') return true
  if (op === 'deleted') return noun !== 'secret'
  const table = tables[noun]
  return table === null || sees(domain, table, id)
}

/** What decides who hears of it; null: everybody. The queue of a run is told by its run. */
const tables: Record<Noun, SeenTable | null> = {
  run: 'runs',
  input: 'runs',
  approval: 'approvals',
  task: 'tasks',
  message: 'messages',
  agent: 'agents',
  secret: 'secrets',
  budget: 'budgets',
  key: 'keys',
  user: 'users',
  session: 'sessions',
  runner: null,
  epic: null,
  mcp: null,
  data: null
}

function dataOf(domain: Domain, { noun, id }: ChangeRow) {
  const { store } = domain
  switch (noun) {
    case 'run': {
      const row = store.runs.byId(id)
      return row ? toRun(row) : null
    }
    case 'approval': {
      const row = store.approvals.byId(id)
      return row ? toApproval(row) : null
    }
    case 'runner': {
      const row = store.runners.byId(id)
      return row && row.state !== 'deleted' ? toRunner(row, store.runs.heldCount(id)) : null
    }
    case 'agent': {
      const row = store.agents.byId(id)
      return row ? renderAgent(domain, row) : null
    }
    case 'task': {
      const row = store.tasks.byId(id)
      return row ? toTask(row, store.tasks.dependencies([id])) : null
    }
    case 'epic': {
      const row = store.epics.byId(id)
      return row ? renderEpic(domain, row) : null
    }
    case 'message': {
      const row = store.messages.byId(id)
      return row ? toMessage(row) : null
    }
    case 'budget':
      return store.budgets.byId(id) ? getBudget(domain, id) : null
    case 'input':
    case 'key':
    case 'user':
    case 'session':
    case 'secret':
    case 'mcp':
    case 'data':
      return null
    default:
      return noun satisfies never
  }
}
