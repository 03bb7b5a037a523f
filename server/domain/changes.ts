import { change } from '#contract/live'
import { toApproval } from '../store/approvals.ts'
import type { ChangeRow } from '../store/changes.ts'
import { toRunner } from '../store/runners.ts'
import { toRun } from '../store/runs.ts'
import type { Domain } from './domain.ts'

/** A row of the change log as JSON text, with the thing as it is now. */
export function changeBody(domain: Domain, row: ChangeRow): string {
  const { seq, noun, op, id } = row
  return JSON.stringify(
    change.parse({ seq, ts: new Date(row.ts).toISOString(), noun, op, id, data: dataOf(domain, row) })
  )
}

function dataOf({ store }: Domain, { noun, id }: ChangeRow) {
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
      return row ? toRunner(row, store.runs.heldCount(id)) : null
    }
    case 'input':
    case 'key':
      return null
    default:
      return noun satisfies never
  }
}
