import type { Database } from './database.ts'

export type SettingStore = ReturnType<typeof settingStore>

export function settingStore(db: Database) {
  const get = db.prepare<[string], { value: string }>('SELECT value FROM settings WHERE key = ?')
  const insert = db.prepare('INSERT OR IGNORE INTO settings VALUES (?, ?)')
  return {
    /** The stored value; when there is none yet, `initial` becomes it. */
    getOrSet(key: string, initial: string): string {
      insert.run(key, initial)
      return get.get(key)?.value ?? initial
    }
  }
}
