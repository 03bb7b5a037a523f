import Sqlite from 'better-sqlite3'

/** Copies the write-ahead log back into the database, over a connection of its own. */
export interface Checkpointer {
  /** Never waits for writers while the log is short; a long one is emptied, at the price of a short wait. */
  run(): void
  close(): void
}

/** A log of this many pages is emptied for good, since passing over it again and again would let it grow for ever. */
const longPages = 8000

export function openCheckpointer(file: string): Checkpointer {
  const db = new Sqlite(file, { timeout: 1000 })
  db.pragma('synchronous = FULL')
  db.pragma('fullfsync = ON')
  const checkpoint = (mode: 'PASSIVE' | 'RESTART') => {
    const [row] = db.pragma(`wal_checkpoint(${mode})`) as { log: number }[]
    return row?.log ?? 0
  }
  return {
    run() {
      if (checkpoint('PASSIVE') > longPages) checkpoint('RESTART')
    },
    close: () => db.close()
  }
}
