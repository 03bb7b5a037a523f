import type { SeenTable } from '../../store/people/sight.ts'
import type { Reading } from '../domain.ts'

/** Whether the one who acts may see a thing. */
export function sees({ store, sight }: Reading, table: SeenTable, id: string): boolean {
  return store.sight.sees(sight, table, id)
}

/** A row if the one who acts may see it: what one may not see is not there. */
export function seen<Row extends { id: string }>(
  domain: Reading,
  table: SeenTable,
  row: Row | undefined
): Row | undefined {
  return row && sees(domain, table, row.id) ? row : undefined
}
