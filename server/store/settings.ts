import type { Database } from './database.ts'

export function settingStore(db: Database) {
  const get = db.prepare<[string], { value: string }>('SELECT value FROM settings WHERE key = ?')
  const insert = db.prepare('INSERT OR IGNORE INTO settings VALUES (?, ?)')
  const set = db.prepare('INSERT INTO settings VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value')
  return {
    get: (key: string) => get.get(key)?.value ?? null,
    set: (key: string, value: string) => set.run(key, value),
    /** The stored value; when there is none yet, `initial` becomes it. */
    getOrSet(key: string, initial: string): string {
      insert.run(key, initial)
      return get.get(key)?.value ?? initial
    }
  }
}
