import type Sqlite from 'better-sqlite3'
import type { Database } from './database.ts'

export function iso(ms: number): string {
  return new Date(ms).toISOString()
}

export function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : iso(ms)
}

type Value = string | number | Buffer | null

/** An UPDATE of just the given columns; one statement is prepared per set of columns. `columns` come from code, never from input. */
export function partialUpdate<Columns extends object>(db: Database, table: string, key: string) {
  const statements = new Map<string, Sqlite.Statement<Value[]>>()
  return (keyValue: Value, columns: Partial<Columns>): void => {
    const names = Object.keys(columns)
    if (names.length === 0) return
    const signature = names.join()
    let statement = statements.get(signature)
    if (!statement) {
      statement = db.prepare<Value[]>(
        `UPDATE ${table} SET ${names.map(name => `${name} = ?`).join(', ')} WHERE ${key} = ?`
      )
      statements.set(signature, statement)
    }
    statement.run(...(Object.values(columns) as Value[]), keyValue)
  }
}

/** An INSERT whose columns are those of the row. */
export function insertRow<Row extends object>(db: Database, table: string, names: readonly (keyof Row & string)[]) {
  const statement = db.prepare(
    `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(name => `@${name}`).join(', ')})`
  )
  return (row: Row): number => Number(statement.run(row).lastInsertRowid)
}
