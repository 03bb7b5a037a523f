import type { Message } from '#contract/work/messages'
import { insertRow, iso } from '../columns.ts'
import type { Database } from '../database.ts'
import { type Sight, visible } from '../people/sight.ts'

export interface MessageRow {
  number: number
  id: string
  type: Message['type']
  sender: string | null
  receiver: string | null
  task_id: string | null
  run_id: string | null
  reply_to: string | null
  thread: string
  text: string
  data: string
  created_at: number
}

export interface MessageFilter {
  agent: string | null
  type: Message['type'] | null
  thread: string | null
  /** In lower case; each must be found. */
  words: readonly string[]
  since: number | null
  until: number | null
  sight: Sight
  limit: number
  offset: number
}

const columns = [
  'id',
  'type',
  'sender',
  'receiver',
  'task_id',
  'run_id',
  'reply_to',
  'thread',
  'text',
  'data',
  'created_at'
] as const
export type NewMessage = Pick<MessageRow, (typeof columns)[number]>

export function messageStore(db: Database) {
  const byId = db.prepare<[string], MessageRow>('SELECT * FROM messages WHERE id = ?')
  const count = db.prepare<[], { n: number }>('SELECT count AS n FROM message_counts')
  const removeBefore = db.prepare(
    'DELETE FROM messages WHERE number IN (SELECT number FROM messages WHERE created_at < ? ORDER BY created_at LIMIT ?)'
  )
  return {
    count: () => count.get()?.n ?? 0,
    insert: insertRow<NewMessage>(db, 'messages', columns),
    byId: (id: string) => byId.get(id),
    list(filter: MessageFilter): MessageRow[] {
      const { where, values } = conditions(filter)
      const sql = `SELECT * FROM messages WHERE ${where} ORDER BY number DESC LIMIT ? OFFSET ?`
      return db.prepare<(string | number)[], MessageRow>(sql).all(...values, filter.limit, filter.offset)
    },
    total(filter: MessageFilter): number {
      const { where, values } = conditions(filter)
      if (values.length === 0) return count.get()?.n ?? 0
      const sql = `SELECT count(*) AS n FROM messages WHERE ${where}`
      return db.prepare<(string | number)[], { n: number }>(sql).get(...values)?.n ?? 0
    },
    /** The newest message that matches of each thread that has one. */
    newestOfThreads(filter: MessageFilter): MessageRow[] {
      const { where, values } = conditions(filter)
      const sql = `SELECT * FROM messages WHERE ${where} AND NOT EXISTS (
        SELECT 1 FROM messages AS later WHERE later.thread = messages.thread AND later.number > messages.number AND ${where}
      ) ORDER BY number DESC LIMIT ? OFFSET ?`
      const all = [...values, ...values, filter.limit, filter.offset]
      return db.prepare<(string | number)[], MessageRow>(sql).all(...all)
    },
    threads(filter: MessageFilter): number {
      const { where, values } = conditions(filter)
      const sql = `SELECT count(DISTINCT thread) AS n FROM messages WHERE ${where}`
      return db.prepare<(string | number)[], { n: number }>(sql).get(...values)?.n ?? 0
    },
    /** How many messages each of these threads has, of those that are seen. */
    sizesOf(threads: readonly string[], sight: Sight): ReadonlyMap<string, number> {
      const own = visible(sight, 'messages')
      const where = ['thread IN (SELECT value FROM json_each(?))', ...own.where].join(' AND ')
      const sql = `SELECT thread, count(*) AS n FROM messages WHERE ${where} GROUP BY thread`
      const rows = db.prepare<(string | number)[], { thread: string; n: number }>(sql)
      return new Map(rows.all(JSON.stringify(threads), ...own.values).map(({ thread, n }) => [thread, n]))
    },
    /** Deletes the oldest of those before a time, so many at most; returns how many. */
    removeBefore: (time: number, limit: number) => removeBefore.run(time, limit).changes
  }
}

function conditions(filter: MessageFilter): { where: string; values: (string | number)[] } {
  const own = visible(filter.sight, 'messages')
  const where = ['1 = 1', ...own.where]
  const values: (string | number)[] = [...own.values]
  const add = (sql: string, ...more: (string | number)[]) => {
    where.push(sql)
    values.push(...more)
  }
  if (filter.agent !== null) add('(sender = ? OR receiver = ?)', filter.agent, filter.agent)
  if (filter.type !== null) add('type = ?', filter.type)
  if (filter.thread !== null) add('thread = ?', filter.thread)
  for (const word of filter.words) add('instr(lower(text), ?) > 0', word)
  if (filter.since !== null) add('created_at >= ?', filter.since)
  if (filter.until !== null) add('created_at <= ?', filter.until)
  return { where: where.join(' AND '), values }
}

export function toMessage(row: MessageRow): Message {
  return {
    id: row.id,
    type: row.type,
    from: row.sender,
    to: row.receiver,
    taskId: row.task_id,
    runId: row.run_id,
    replyTo: row.reply_to,
    threadId: row.thread,
    text: row.text,
    data: JSON.parse(row.data) as Record<string, unknown>,
    createdAt: iso(row.created_at)
  }
}
