import type { Database } from '../database.ts'

const longestName = 200

/** How the things of each noun are called today, by the id under which an entry names them. `ids` is a JSON array. */
const questions: Record<string, string> = {
  agent: 'SELECT id, name FROM agents WHERE id IN (SELECT value FROM json_each(:ids))',
  run: "SELECT id, '#' || number AS name FROM runs WHERE id IN (SELECT value FROM json_each(:ids))",
  approval: 'SELECT id, subject AS name FROM approvals WHERE id IN (SELECT value FROM json_each(:ids))',
  task: 'SELECT id, title AS name FROM tasks WHERE id IN (SELECT value FROM json_each(:ids))',
  epic: 'SELECT id, title AS name FROM epics WHERE id IN (SELECT value FROM json_each(:ids))',
  runner: 'SELECT id, name FROM runners WHERE id IN (SELECT value FROM json_each(:ids))',
  mcp: 'SELECT id, name FROM mcps WHERE id IN (SELECT value FROM json_each(:ids))',
  key: 'SELECT id, name FROM keys WHERE id IN (SELECT value FROM json_each(:ids))',
  user: 'SELECT id, name FROM users WHERE id IN (SELECT value FROM json_each(:ids))'
}

interface Named {
  noun: string
  target: string
}

/** Names of what entries are about, one question for each noun; null for what is gone or has no name. */
export function auditNames(db: Database) {
  return (entries: readonly Named[]): (string | null)[] => {
    const idsByNoun = Map.groupBy(entries, entry => entry.noun)
    const names = new Map<string, string>()
    for (const [noun, some] of idsByNoun) {
      const question = questions[noun]
      if (question === undefined) continue
      const ids = JSON.stringify([...new Set(some.map(entry => entry.target))])
      for (const { id, name } of db.prepare<[{ ids: string }], { id: string; name: string }>(question).all({ ids })) {
        if (name !== '') names.set(`${noun} ${id}`, name.slice(0, longestName))
      }
    }
    return entries.map(({ noun, target }) => names.get(`${noun} ${target}`) ?? null)
  }
}
