import { type CommandSpec, commandSpec, type Run, type RunStatus, type TokenUsage } from '#contract/runs/runs'
import type { TrustWish } from '#contract/runs/trust'
import { insertRow, iso, isoOrNull, partialUpdate } from '../columns.ts'
import type { Database } from '../database.ts'
import { type Sight, visible } from '../people/sight.ts'
import { imagesOf } from './images.ts'
import { daemonsOf, labelsOfRun } from './json-columns.ts'

export interface RunRow {
  number: number
  id: string
  status: RunStatus
  status_reason: string | null
  status_since: number
  input: string
  /** What is known of the images that came with it, as JSON. */
  images: string
  /** Given by a person; null: it is called by its prompt. */
  title: string | null
  /** Where it works, once that is known; what was wished for is only this while `workspace` is null. */
  cwd: string | null
  /** Whether it waits until a person trusts what lies in its folder. */
  trust: TrustWish
  /** Name of its private folder; null: it works in a folder that was wished for. */
  workspace: string | null
  /** Its folder, where it waits until no other run works there; null: it goes on beside them. */
  alone_in: string | null
  permission_mode: Run['permissionMode']
  model: string | null
  /** Under which it was counted when it ended; null: it has not ended, or long ago. */
  provider: string | null
  runtime: string
  command: string | null
  agent_id: string | null
  /** Who launched it. */
  owner_id: string
  runner_id: string | null
  pinned: number
  place: Run['place']
  parent_run_id: string | null
  root_run_id: string
  retry_of: string | null
  task_id: string | null
  flow_id: string | null
  /** MCP servers that it gets, as JSON; null: those of its agent. */
  mcp_ids: string | null
  /** How long a person may take over what it asks; then that counts as no. null: as long as it goes on. */
  answer_seconds: number | null
  /** What it is worth when it succeeds, in minutes of a person; null: nobody said. */
  human_minutes: number | null
  instructions: string
  allowed_tools: string
  /** What its runner must have, as JSON. */
  labels: string
  fork: number
  session_id: string | null
  resume_session_id: string | null
  trigger: Run['trigger']
  result: string | null
  error_code: string | null
  error_message: string | null
  stopping: Run['stopping']
  /** Why we stop it, when it was no person. */
  stop_reason: string | null
  input_tokens: number
  output_tokens: number
  cache_read_tokens: number
  cache_write_tokens: number
  cost_usd: number | null
  cost_estimated: number
  context_used: number | null
  context_max: number | null
  timeout_seconds: number | null
  waited_ms: number
  /** Time with at least one tool at work, in ms. */
  tools_ms: number
  /** The tools at work, as JSON; null when none is. */
  tools_open: string | null
  /** JSON. */
  daemons: string
  attempt: number
  acked: number
  /** By the steady clock of the process that has the store open. */
  lease_until: number | null
  accepts_input: number
  /** What the runtime said of the session at the end of its last turn, as JSON. */
  session_totals: string | null
  last_seq: number
  created_at: number
  started_at: number | null
  ended_at: number | null
  /** When its events were let go; null: they are there. */
  events_removed_at: number | null
}

const newRunColumns = [
  'id',
  'status',
  'status_reason',
  'status_since',
  'input',
  'images',
  'cwd',
  'workspace',
  'alone_in',
  'trust',
  'permission_mode',
  'model',
  'runtime',
  'command',
  'agent_id',
  'owner_id',
  'runner_id',
  'pinned',
  'place',
  'parent_run_id',
  'root_run_id',
  'retry_of',
  'task_id',
  'flow_id',
  'mcp_ids',
  'answer_seconds',
  'human_minutes',
  'instructions',
  'allowed_tools',
  'labels',
  'fork',
  'resume_session_id',
  'trigger',
  'timeout_seconds',
  'created_at'
] as const
export type NewRun = Pick<RunRow, (typeof newRunColumns)[number]>

interface CountRow {
  status: RunStatus
  runtime: string
  count: number
}

export interface RunFilter {
  statuses: readonly RunStatus[] | null
  runtime: string | null
  rootRunId: string | null
  agentId: string | null
  taskId: string | null
  flowId: string | null
  runnerId: string | null
  /** Of their agent. */
  tag: string | null
  /** The folder and what lies below it. */
  folder: string | null
  /** All of them stand in the prompt; `#n`: the number. */
  words: readonly string[]
  sight: Sight
  /** Lists only smaller numbers; null: all. Totals do not heed it. */
  before: number | null
  limit: number
  offset: number
}

const active = "('CLAIMED', 'RUNNING', 'WAITING')"

export function runStore(db: Database) {
  const byId = db.prepare<[string], RunRow>('SELECT * FROM runs WHERE id = ?')
  const byNumber = db.prepare<[number], RunRow>('SELECT * FROM runs WHERE number = ?')
  const counts = db.prepare<[], CountRow>('SELECT status, runtime, count FROM run_counts')
  const heldBy = db.prepare<[string], RunRow>(`SELECT * FROM runs WHERE runner_id = ? AND status IN ${active}`)
  const heldCount = db.prepare<[string], { n: number }>(
    `SELECT count(*) AS n FROM runs WHERE runner_id = ? AND status IN ${active}`
  )
  const nextLease = db.prepare<[], { at: number | null }>(
    `SELECT min(lease_until) AS at FROM runs WHERE status IN ${active}`
  )
  const expired = db.prepare<[number, number], RunRow>(
    `SELECT * FROM runs WHERE status IN ${active} AND lease_until <= ? ORDER BY lease_until LIMIT ?`
  )
  const renewAll = db.prepare(`UPDATE runs SET lease_until = ? WHERE status IN ${active}`)
  const successor = db.prepare<[string, string], { id: string }>(
    'SELECT id FROM runs WHERE parent_run_id = ? UNION ALL SELECT id FROM runs WHERE retry_of = ? LIMIT 1'
  )
  const usingSession = db.prepare<[string, string, string], RunRow>(
    `SELECT * FROM runs WHERE (session_id = ? OR (resume_session_id = ? AND fork = 0)) AND status IN ('QUEUED', 'CLAIMED', 'RUNNING', 'WAITING') AND id <> ? LIMIT 1`
  )
  const totalsOfSession = db.prepare<[string], { totals: string }>(
    `SELECT session_totals AS totals FROM runs WHERE session_id = ? AND session_totals IS NOT NULL
     ORDER BY number DESC LIMIT 1`
  )
  const newest = db.prepare<[], { number: number | null }>('SELECT max(number) AS number FROM runs')
  const insert = insertRow<NewRun>(db, 'runs', newRunColumns)

  /** As long as no number is missing, a page of all runs begins at a number that can be told: nothing has to be skipped. */
  function withoutSkipping(filter: RunFilter): Page {
    if (filter.before !== null) return { ...filter, upTo: filter.before - 1 }
    const { number } = newest.get() ?? { number: null }
    const few = isFew(filter)
    const all = !few && filter.statuses === null && filter.runtime === null
    if (!all || number === null || number !== sumCounts(counts.all(), filter)) return { ...filter, upTo: null }
    return { ...filter, upTo: number - filter.offset, offset: 0 }
  }

  return {
    insert,
    list: (filter: RunFilter) => listRuns(db, withoutSkipping(filter)),
    /** From counters where they know; the runs of one chain, agent or task are few enough to be counted. */
    total: (filter: RunFilter) => (isFew(filter) ? countRuns(db, filter) : sumCounts(counts.all(), filter)),
    byId: (id: string) => byId.get(id),
    byNumber: (number: number) => byNumber.get(number),
    update: partialUpdate<RunRow>(db, 'runs', 'number'),
    counts: (sight: Sight) => (sight === 'everything' ? counts.all() : countsOf(db, sight)),
    queuedCount: () =>
      counts
        .all()
        .filter(row => row.status === 'QUEUED')
        .reduce((sum, row) => sum + row.count, 0),
    heldBy: (runnerId: string) => heldBy.all(runnerId),
    heldCount: (runnerId: string) => heldCount.get(runnerId)?.n ?? 0,
    nextLease: () => nextLease.get()?.at ?? null,
    expired: (now: number, limit: number) => expired.all(now, limit),
    renewAll: (until: number) => renewAll.run(until),
    hasSuccessor: (id: string) => successor.get(id, id) !== undefined,
    totalsOfSession: (sessionId: string) => totalsOfSession.get(sessionId)?.totals ?? null,
    /** `except`: this run aside. */
    liveRunOfSession: (sessionId: string, except = '') => usingSession.get(sessionId, sessionId, except)
  }
}

function sumCounts(rows: readonly CountRow[], { statuses, runtime }: RunFilter): number {
  return rows
    .filter(row => statuses === null || statuses.includes(row.status))
    .filter(row => runtime === null || row.runtime === runtime)
    .reduce((sum, row) => sum + row.count, 0)
}

/** Whether the counters cannot know, or need not: runs of one person, chain, agent or task are few. */
function isFew(filter: RunFilter): boolean {
  if (filter.folder !== null || filter.tag !== null || filter.words.length > 0) return true
  return filter.sight !== 'everything' || Object.values(fewRuns(filter)).some(value => value !== null)
}

/** Filters that the counters know nothing of; but for a runner they leave few runs. */
function fewRuns({ rootRunId, agentId, taskId, flowId, runnerId }: RunFilter) {
  return { root_run_id: rootRunId, agent_id: agentId, task_id: taskId, flow_id: flowId, runner_id: runnerId }
}

function countsOf(db: Database, sight: Sight): CountRow[] {
  const { where, values } = visible(sight, 'runs')
  const sql = `SELECT status, runtime, count(*) AS count FROM runs WHERE ${where.join(' AND ')} GROUP BY status, runtime`
  return db.prepare<string[], CountRow>(sql).all(...values)
}

function countRuns(db: Database, filter: RunFilter): number {
  const { where, values } = conditions({ ...filter, upTo: null })
  const counted = db.prepare<(string | number)[], { n: number }>(`SELECT count(*) AS n FROM runs WHERE ${where}`)
  return counted.get(...values)?.n ?? 0
}

/** `upTo`: the highest number to list; null: any. */
type Page = RunFilter & { upTo: number | null }

function conditions(filter: Page): { where: string; values: (string | number)[] } {
  const own = visible(filter.sight, 'runs')
  const where = ['1 = 1', ...own.where]
  const values: (string | number)[] = [...own.values]
  for (const [column, value] of Object.entries(fewRuns(filter))) {
    if (value === null) continue
    where.push(`${column} = ?`)
    values.push(value)
  }
  if (filter.upTo !== null) {
    where.push('number <= ?')
    values.push(filter.upTo)
  }
  if (filter.statuses !== null) {
    where.push(`status IN (${filter.statuses.map(() => '?').join(', ')})`)
    values.push(...filter.statuses)
  }
  if (filter.runtime !== null) {
    where.push('runtime = ?')
    values.push(filter.runtime)
  }
  if (filter.tag !== null) {
    where.push('agent_id IN (SELECT a.id FROM agents a, json_each(a.tags) t WHERE t.value = ?)')
    values.push(filter.tag)
  }
  if (filter.folder !== null) {
    where.push("(cwd = ? OR cwd LIKE ? ESCAPE '!' OR cwd LIKE ? ESCAPE '!')")
    values.push(filter.folder, `${literally(filter.folder)}/%`, `${literally(filter.folder)}\\%`)
  }
  for (const word of filter.words) {
    const number = /^#(\d{1,15})$/.exec(word)?.[1]
    if (number === undefined) {
      where.push("(input LIKE ? ESCAPE '!' OR title LIKE ? ESCAPE '!')")
      values.push(`%${literally(word)}%`, `%${literally(word)}%`)
    } else {
      where.push('number = ?')
      values.push(Number(number))
    }
  }
  return { where: where.join(' AND '), values }
}

/** For LIKE, where `!` is the escape: on Windows the other one stands in every path. */
function literally(text: string): string {
  return text.replace(/[!%_]/g, '!$&')
}

function listRuns(db: Database, filter: Page): RunRow[] {
  const { where, values } = conditions(filter)
  const sql = `SELECT * FROM runs WHERE ${where} ORDER BY number DESC LIMIT ? OFFSET ?`
  return db.prepare<(string | number)[], RunRow>(sql).all(...values, filter.limit, filter.offset)
}

/** The folder that was wished for; null: a private one, wherever its runner keeps those. */
export function wishedFolder({ cwd, workspace }: Pick<RunRow, 'cwd' | 'workspace'>): string | null {
  return workspace === null ? cwd : null
}

export function toRun(row: RunRow): Run {
  return {
    id: row.id,
    number: row.number,
    status: row.status,
    statusReason: row.status_reason,
    statusSince: iso(row.status_since),
    input: row.input,
    images: imagesOf(row),
    title: row.title,
    cwd: row.cwd,
    permissionMode: row.permission_mode,
    model: row.model,
    runtime: row.runtime,
    command: toCommand(row),
    agentId: row.agent_id,
    taskId: row.task_id,
    flowId: row.flow_id,
    runnerId: row.runner_id,
    place: row.place,
    labels: labelsOfRun(row),
    parentRunId: row.parent_run_id,
    rootRunId: row.root_run_id,
    fork: row.fork === 1,
    sessionId: row.session_id,
    trigger: row.trigger,
    result: row.result,
    error: row.error_code === null ? null : { code: row.error_code, message: row.error_message ?? '' },
    stopping: row.stopping,
    usage: usageOf(row),
    costUsd: row.cost_usd,
    costEstimated: row.cost_estimated === 1,
    contextUsed: row.context_used,
    contextMax: row.context_max,
    timeoutSeconds: row.timeout_seconds,
    waitedMs: row.waited_ms,
    toolsMs: row.tools_ms,
    daemons: daemonsOf(row).map(({ pid, command }) => ({ pid, command })),
    // A clock that was set back makes no negative time.
    durationMs: row.ended_at === null || row.started_at === null ? null : Math.max(0, row.ended_at - row.started_at),
    lastSeq: row.last_seq,
    eventsRemovedAt: isoOrNull(row.events_removed_at),
    createdAt: iso(row.created_at),
    startedAt: isoOrNull(row.started_at),
    endedAt: isoOrNull(row.ended_at)
  }
}

export function toCommand(row: RunRow): CommandSpec | null {
  return row.command === null ? null : commandSpec.parse(JSON.parse(row.command))
}

type TokenColumns = Pick<RunRow, 'input_tokens' | 'output_tokens' | 'cache_read_tokens' | 'cache_write_tokens'>

/** Of anything that counts tokens in these columns. */
export function usageOf(row: TokenColumns): TokenUsage {
  return {
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    cacheReadTokens: row.cache_read_tokens,
    cacheWriteTokens: row.cache_write_tokens
  }
}
