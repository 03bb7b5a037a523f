import type { Epic, Task, TaskWithLog } from '#contract/work/tasks'
import { insertRow, iso, isoOrNull, partialUpdate } from '../columns.ts'
import type { Database } from '../database.ts'
import { type Sight, visible } from '../people/sight.ts'

export interface TaskRow {
  number: number
  id: string
  title: string
  input: string
  status: Task['status']
  status_since: number
  priority: Task['priority']
  assignee_id: string | null
  requester_id: string | null
  epic_id: string | null
  /** Who made it. */
  owner_id: string
  run_id: string | null
  output: string | null
  error: string | null
  tokens: number
  cost_usd: number | null
  created_at: number
  started_at: number | null
  finished_at: number | null
}

export interface EpicRow {
  id: string
  title: string
  description: string
  color: string | null
  tasks: number
  done: number
  created_at: number
}

const columns = [
  'id',
  'title',
  'input',
  'status',
  'status_since',
  'priority',
  'assignee_id',
  'requester_id',
  'epic_id',
  'owner_id',
  'created_at'
] as const
export type NewTask = Pick<TaskRow, (typeof columns)[number]>

export interface TaskFilter {
  status: Task['status'] | null
  assigneeId: string | null
  epicId: string | null
  priority: Task['priority'] | null
  /** Each stands in the title, or is `#` or `T-` and the number. */
  words: readonly string[]
  sight: Sight
  limit: number
  offset: number
}

interface Dependency {
  task_id: string
  needs_id: string
  done: number
}

export function taskStore(db: Database) {
  const byId = db.prepare<[string], TaskRow>('SELECT * FROM tasks WHERE id = ?')
  const remove = db.prepare('DELETE FROM tasks WHERE id = ?')
  const counts = db.prepare<[], { status: string; assignee_id: string; count: number }>('SELECT * FROM task_counts')
  const countOfEpic = db.prepare<[string], { n: number }>('SELECT count(*) AS n FROM tasks WHERE epic_id = ?')
  const dependencies = db.prepare<[string], Dependency>(
    `SELECT d.task_id, d.needs_id, t.status = 'done' AS done FROM task_dependencies d
     JOIN tasks t ON t.id = d.needs_id, json_each(?) wanted WHERE d.task_id = wanted.value ORDER BY t.number`
  )
  const addDependency = db.prepare('INSERT OR IGNORE INTO task_dependencies VALUES (?, ?)')
  const dropDependencies = db.prepare('DELETE FROM task_dependencies WHERE task_id = ?')
  const dropBoth = db.prepare('DELETE FROM task_dependencies WHERE task_id = ? OR needs_id = ?')
  const log = db.prepare<[string], { ts: number; type: string; text: string }>(
    'SELECT ts, type, text FROM task_log WHERE task_id = ? ORDER BY id'
  )
  const recentLogs = db.prepare<[string, number], { task_id: string; ts: number; type: string; text: string }>(
    `SELECT task_id, ts, type, text FROM (
       SELECT l.*, row_number() OVER (PARTITION BY l.task_id ORDER BY l.id DESC) AS nth
       FROM json_each(?) wanted JOIN task_log l ON l.task_id = wanted.value)
     WHERE nth <= ? ORDER BY id`
  )
  const addLog = db.prepare('INSERT INTO task_log (task_id, ts, type, text) VALUES (?, ?, ?, ?)')
  const dropLog = db.prepare('DELETE FROM task_log WHERE task_id = ?')
  const insert = insertRow<NewTask>(db, 'tasks', columns)

  function total(filter: TaskFilter): number {
    const all = filter.sight === 'everything' && filter.priority === null && filter.words.length === 0
    if (all && filter.epicId !== null && filter.status === null && filter.assigneeId === null)
      return countOfEpic.get(filter.epicId)?.n ?? 0
    if (!all || filter.epicId !== null) {
      const { where, values } = conditions(filter)
      const sql = `SELECT count(*) AS n FROM tasks WHERE ${where}`
      return db.prepare<(string | number)[], { n: number }>(sql).get(...values)?.n ?? 0
    }
    return counts
      .all()
      .filter(row => filter.status === null || row.status === filter.status)
      .filter(row => filter.assigneeId === null || row.assignee_id === filter.assigneeId)
      .reduce((sum, row) => sum + row.count, 0)
  }

  return {
    insert,
    total,
    update: partialUpdate<TaskRow>(db, 'tasks', 'number'),
    byId: (id: string) => byId.get(id),
    list(filter: TaskFilter): TaskRow[] {
      const { where, values } = conditions(filter)
      const sql = `SELECT * FROM tasks WHERE ${where} ORDER BY number DESC LIMIT ? OFFSET ?`
      return db.prepare<(string | number)[], TaskRow>(sql).all(...values, filter.limit, filter.offset)
    },
    /** What each of the tasks needs, asked at once for all of them. */
    dependencies: (ids: readonly string[]) => dependencies.all(JSON.stringify(ids)),
    setDependencies(id: string, needs: readonly string[]): void {
      dropDependencies.run(id)
      for (const other of needs) addDependency.run(id, other)
    },
    log: (id: string) => log.all(id),
    /** The last entries of each of the tasks, oldest first. */
    recentLogs: (ids: readonly string[], each: number) => recentLogs.all(JSON.stringify(ids), each),
    addLog: (id: string, ts: number, type: string, text: string) => addLog.run(id, ts, type, text),
    remove(id: string): void {
      dropBoth.run(id, id)
      dropLog.run(id)
      remove.run(id)
    }
  }
}

function conditions(filter: TaskFilter): { where: string; values: (string | number)[] } {
  const { status, assigneeId: assignee_id, epicId: epic_id, priority } = filter
  const wanted = { status, assignee_id, epic_id, priority }
  const set = Object.entries(wanted).filter((entry): entry is [string, string] => entry[1] !== null)
  const own = visible(filter.sight, 'tasks')
  const words = filter.words.map(matching)
  return {
    where: ['1 = 1', ...own.where, ...set.map(([column]) => `${column} = ?`), ...words.map(one => one.where)].join(
      ' AND '
    ),
    values: [...own.values, ...set.map(([, value]) => value), ...words.map(one => one.value)]
  }
}

function matching(word: string): { where: string; value: string | number } {
  const number = /^(?:#|t-)(\d{1,15})$/i.exec(word)?.[1]
  if (number !== undefined) return { where: 'number = ?', value: Number(number) }
  return { where: "title LIKE ? ESCAPE '\\'", value: `%${word.replace(/[\\%_]/g, '\\$&')}%` }
}

/** To the letter the condition of the index for it. */
const atWork = "epic_id IS NOT NULL AND assignee_id IS NOT NULL AND status IN ('pending', 'running', 'waiting')"

export function epicStore(db: Database) {
  const all = db.prepare<[], EpicRow>('SELECT * FROM epics ORDER BY created_at DESC, id DESC')
  const byId = db.prepare<[string], EpicRow>('SELECT * FROM epics WHERE id = ?')
  const count = db.prepare<[], { n: number }>('SELECT count(*) AS n FROM epics')
  const free = db.prepare('UPDATE tasks SET epic_id = NULL WHERE epic_id = ?')
  const remove = db.prepare('DELETE FROM epics WHERE id = ?')
  return {
    insert: insertRow<Pick<EpicRow, 'id' | 'title' | 'description' | 'color' | 'created_at'>>(db, 'epics', [
      'id',
      'title',
      'description',
      'color',
      'created_at'
    ]),
    update: partialUpdate<EpicRow>(db, 'epics', 'id'),
    all: () => all.all(),
    byId: (id: string) => byId.get(id),
    count: () => count.get()?.n ?? 0,
    /** Agents with open tasks, by epic; of one epic or of all. */
    agents(sight: Sight, epicId: string | null): Map<string, string[]> {
      const own = visible(sight, 'tasks')
      const where = [atWork, ...own.where, ...(epicId === null ? [] : ['epic_id = ?'])].join(' AND ')
      const rows = db
        .prepare<string[], { epic_id: string; assignee_id: string }>(
          `SELECT DISTINCT epic_id, assignee_id FROM tasks WHERE ${where} ORDER BY epic_id, assignee_id`
        )
        .all(...own.values, ...(epicId === null ? [] : [epicId]))
      const byEpic = Map.groupBy(rows, row => row.epic_id)
      return new Map([...byEpic].map(([id, its]) => [id, its.map(row => row.assignee_id)]))
    },
    remove(id: string): void {
      free.run(id)
      remove.run(id)
    }
  }
}

export function toTask(row: TaskRow, dependencies: readonly Dependency[]): Task {
  const own = dependencies.filter(dependency => dependency.task_id === row.id)
  return {
    id: row.id,
    number: row.number,
    title: row.title,
    input: row.input,
    status: row.status,
    statusSince: iso(row.status_since),
    priority: row.priority,
    assigneeId: row.assignee_id,
    requesterId: row.requester_id,
    epicId: row.epic_id,
    dependsOn: own.map(dependency => dependency.needs_id),
    blockedBy: own.filter(dependency => dependency.done === 0).map(dependency => dependency.needs_id),
    runId: row.run_id,
    output: row.output,
    error: row.error,
    tokens: row.tokens,
    costUsd: row.cost_usd,
    createdAt: iso(row.created_at),
    startedAt: isoOrNull(row.started_at),
    finishedAt: isoOrNull(row.finished_at)
  }
}

export function toLog(rows: readonly { ts: number; type: string; text: string }[]): TaskWithLog['log'] {
  return rows.map(row => ({ ts: iso(row.ts), type: row.type, text: row.text }))
}

export function toEpic(row: EpicRow, agentIds: string[]): Epic {
  const { created_at, ...rest } = row
  return { ...rest, agentIds, createdAt: iso(created_at) }
}
