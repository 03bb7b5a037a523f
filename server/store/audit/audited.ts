import type { Database } from '../database.ts'

/**
 * What counts as a change of a thing, as data. Temporary triggers of the writing connection watch these columns, so that no
 * change can be made without being noted, whoever makes it. Columns of high frequency (heartbeats, counters, last use) are not
 * here. A new table belongs either here or in `unaudited`; a test asks.
 */
export interface Audited {
  table: string
  /** Word for the thing, in `target.type` and ahead of the dot of an action. */
  noun: string
  /** Expressions over `row`, the row that changed. */
  id: string
  agent?: string
  /** Columns that are kept as they are. */
  kept?: readonly string[]
  /** Columns that hold JSON. */
  json?: readonly string[]
  /** Columns of which only the fact of a change is kept: secrets, and texts that are content. */
  withheld?: readonly string[]
  /** Columns with a URL, kept without user, password and query. */
  address?: readonly string[]
  /** Column whose new value names the action. */
  verb?: string
  /** Only these; without it all. */
  on?: readonly Operation[]
  only?: string
}

type Operation = 'INSERT' | 'UPDATE' | 'DELETE'

const agentOfRun = '(SELECT agent_id FROM main.runs WHERE number = row.run)'
/** How many; null where there are none, as ever. */
const howManyImages = 'nullif(json_array_length(row.images), 0) AS images'
const idOfRun = '(SELECT id FROM main.runs WHERE number = row.run)'

export const audited: readonly Audited[] = [
  {
    table: 'agents',
    noun: 'agent',
    id: 'row.id',
    agent: 'row.id',
    verb: 'state',
    kept: [
      'name',
      'slug',
      'role',
      'description',
      'glyph',
      'team',
      'manager_id',
      'provider',
      'model',
      'runtime',
      'place',
      'cwd',
      'permission_mode',
      'instructions',
      'owner_id',
      'state',
      'state_reason'
    ],
    json: ['tags', 'capabilities', 'fallback_models', 'allowed_tools', 'limits', 'mcp_ids']
  },
  {
    table: 'runs',
    noun: 'run',
    id: 'row.id',
    agent: 'row.agent_id',
    verb: 'status',
    kept: [
      'title',
      'status',
      'stopping',
      'permission_mode',
      'model',
      'agent_id',
      'task_id',
      'runtime',
      'trigger',
      'parent_run_id',
      'events_removed_at',
      'trust',
      howManyImages
    ]
  },
  {
    table: 'inputs',
    noun: 'input',
    id: `${idOfRun} || '/' || row.n`,
    agent: agentOfRun,
    kept: ['position', 'status', howManyImages],
    withheld: ['text']
  },
  {
    table: 'approvals',
    noun: 'approval',
    id: 'row.id',
    agent: agentOfRun,
    verb: 'status',
    kept: ['status', 'scope', 'decided_by', 'deny_reason'],
    on: ['UPDATE']
  },
  {
    table: 'approval_rules',
    noun: 'approval-rule',
    id: 'row.id',
    agent: agentOfRun,
    kept: ['tool', 'pattern', 'made_by']
  },
  {
    table: 'folder_trust',
    noun: 'folder-trust',
    id: 'row.approval_id',
    kept: ['folder', 'runtime', 'content', 'allowed', 'decided_by'],
    withheld: ['question']
  },
  {
    table: 'review_marks',
    noun: 'review-mark',
    id: `${idOfRun} || '/' || row.path || '/' || row.hunk`,
    agent: agentOfRun,
    verb: 'verdict',
    kept: ['path', 'hunk', 'verdict', 'author']
  },
  {
    table: 'review_comments',
    noun: 'review-comment',
    id: 'row.id',
    agent: agentOfRun,
    kept: ['path', 'side', 'line', 'sent_to'],
    withheld: ['text']
  },
  {
    table: 'kept_files',
    noun: 'kept-files',
    id: 'row.id',
    kept: ['run_id', 'kind', 'checkpoint', 'files', 'restored_at']
  },
  {
    table: 'tasks',
    noun: 'task',
    id: 'row.id',
    agent: 'row.assignee_id',
    verb: 'status',
    kept: ['title', 'status', 'priority', 'assignee_id', 'requester_id', 'epic_id', 'run_id'],
    withheld: ['input']
  },
  { table: 'task_dependencies', noun: 'task-dependency', id: "row.task_id || '/' || row.needs_id", kept: ['needs_id'] },
  {
    table: 'flows',
    noun: 'flow',
    id: 'row.id',
    agent: 'row.agent_id',
    verb: 'status',
    kept: [
      'title',
      'description',
      'icon',
      'agent_id',
      'model',
      'mode',
      'status',
      'status_reason',
      'catch_up',
      'catch_up_max',
      'overlap',
      'max_parallel',
      'retries',
      'retry_delay_seconds',
      'timeout_seconds',
      'approval_minutes',
      'pause_after_failures',
      'human_minutes',
      'owner_id'
    ],
    json: ['mcp_ids', 'pre_check'],
    withheld: ['prompt', 'variables']
  },
  {
    table: 'flow_triggers',
    noun: 'flow-trigger',
    id: 'row.id',
    kept: ['flow_id', 'type'],
    json: ['config'],
    withheld: ['sealed']
  },
  { table: 'epics', noun: 'epic', id: 'row.id', kept: ['title', 'description', 'color'] },
  {
    table: 'messages',
    noun: 'message',
    id: 'row.id',
    agent: "nullif(row.receiver, 'user')",
    kept: ['type', 'sender', 'receiver', 'task_id'],
    withheld: ['text'],
    on: ['INSERT'],
    // The others follow from runs, tasks and approvals, whose changes stand here themselves.
    only: "new.type = 'agent.message'"
  },
  {
    table: 'secrets',
    noun: 'secret',
    id: 'row.key',
    agent: "nullif(row.agent_id, '')",
    kept: ['scope'],
    withheld: ['sealed']
  },
  {
    table: 'mcps',
    noun: 'mcp',
    id: 'row.id',
    kept: ['name', 'transport', 'command'],
    address: ['url'],
    json: ['env_keys', 'header_keys'],
    withheld: ['args', 'sealed']
  },
  {
    table: 'runners',
    noun: 'runner',
    id: 'row.id',
    verb: 'state',
    kept: ['name', 'state', 'kind', 'hostname', 'platform', 'version', 'online', 'capacity', 'drains_for'],
    json: ['allowed_dirs'],
    withheld: ['incarnation']
  },
  {
    table: 'pairings',
    noun: 'pairing',
    id: 'row.id',
    kept: ['user_id', 'name', 'address', 'used_at', 'used_by', 'key_id']
  },
  {
    table: 'commands',
    noun: 'runner-command',
    id: 'row.runner_id',
    kept: [
      "json_extract(row.body, '$.type') AS type",
      "json_extract(row.body, '$.runtime') AS runtime",
      "json_extract(row.body, '$.asks') AS asks",
      "json_extract(row.body, '$.about') AS about",
      "json_extract(row.body, '$.pid') AS pid"
    ],
    on: ['INSERT'],
    // What else a runner is told follows from runs and approvals.
    only: "json_extract(new.body, '$.type') IN ('install', 'detect', 'stopDaemon') OR json_extract(new.body, '$.acts')"
  },
  {
    table: 'users',
    noun: 'user',
    id: 'row.id',
    kept: ['email', 'name', 'role', 'totp_confirmed_at'],
    withheld: ['password_hash', 'totp_sealed']
  },
  { table: 'keys', noun: 'key', id: 'row.id', kept: ['user_id', 'name', 'style', 'expires_at'], json: ['scopes'] },
  {
    table: 'sessions',
    noun: 'session',
    id: 'row.id',
    kept: ['user_id', 'kind', 'face', 'created_at'],
    on: ['INSERT', 'DELETE']
  },
  {
    table: 'budgets',
    noun: 'budget',
    id: 'row.id',
    agent: "nullif(row.agent_id, '')",
    verb: 'state',
    kept: ['agent_id', 'unit', 'period', 'amount', 'action', 'threshold', 'source', 'state']
  },
  { table: 'settings', noun: 'setting', id: 'row.key', withheld: ['value'] }
]

/** Tables without entries of their own, and why. */
export const unaudited: Record<string, string> = {
  recovery_codes: 'made and spent together with what users and sessions tell',
  events: 'the log of a run itself',
  images: 'content of prompts, told of with their runs and inputs',
  image_uses: 'follow from runs and inputs',
  runs_to_read: 'what the search index has yet to read',
  sweeps: 'what is left of runs whose removal stands here itself',
  message_counts: 'a counter',
  file_changes: 'worked out from events',
  checkpoints: 'follow from runs',
  review_views: 'says who looked at a file, and changes nothing',
  net_changes: 'worked out from checkpoints',
  run_counts: 'a counter',
  approval_counts: 'a counter',
  agent_counts: 'a counter',
  task_counts: 'a counter',
  usage_daily: 'a sum',
  flow_ticks: 'the log of a flow itself',
  webhook_messages: 'which messages were here, so that none counts twice',
  task_log: 'the log of a task itself',
  changes: 'the log of changes itself',
  limit_counts: 'a counter',
  idempotency: 'answers that were given',
  agent_recent: 'figures of its last runs',
  demo: 'which of the things that stand here are demo data',
  budget_reservations: 'follow from runs',
  audit: 'the audit itself',
  audit_head: 'the end of the audit'
}

export type NoteFunction = (
  entry: number,
  id: string,
  agent: string | null,
  before: string | null,
  after: string | null
) => void

/** Makes the triggers; `note` hears of each change while it is made. */
export function watchRows(db: Database, note: NoteFunction): void {
  db.function('audit_note', { varargs: true }, (entry, id, agent, before, after) => {
    note(entry as number, String(id), agent as string | null, before as string | null, after as string | null)
    return null
  })
  db.exec(audited.flatMap((thing, index) => triggersOf(thing, index)).join('\n'))
}

function triggersOf(thing: Audited, index: number): string[] {
  return (thing.on ?? ['INSERT', 'UPDATE', 'DELETE']).map(operation => {
    const row = operation === 'DELETE' ? 'old' : 'new'
    const of = operation === 'UPDATE' ? ` OF ${columnsOf(thing).join(', ')}` : ''
    const when = thing.only === undefined ? '' : ` WHEN ${thing.only}`
    const before = operation === 'INSERT' ? 'NULL' : fieldsOf(thing, 'old', operation)
    const after = operation === 'DELETE' ? 'NULL' : fieldsOf(thing, 'new', operation)
    return `CREATE TEMP TRIGGER audit_${thing.table}_${operation} AFTER ${operation}${of} ON main.${thing.table}${when} BEGIN
      SELECT audit_note(${index}, ${at(thing.id, row)}, ${at(thing.agent ?? 'NULL', row)}, ${before}, ${after});
    END;`
  })
}

function at(expression: string, row: 'old' | 'new'): string {
  return expression.replaceAll('row.', `${row}.`)
}

function columnsOf({ kept = [], json = [], withheld = [], address = [] }: Audited): string[] {
  return [...kept, ...json, ...withheld, ...address].filter(column => !column.includes(' '))
}

const secret = "'(not kept)'"

function fieldsOf(thing: Audited, row: 'old' | 'new', operation: Operation): string {
  const { kept = [], json = [], withheld = [], address = [] } = thing
  const changed = operation === 'UPDATE' && row === 'new'
  const pairs = [
    ...[...kept, ...address].map(column => namedValue(column, row)),
    ...json.map(column => `'${fieldOf(column)}', json(${row}.${column})`),
    ...withheld.map(column => {
      const value = `CASE WHEN ${row}.${column} IS NULL THEN NULL ELSE ${secret} END`
      const differs = `CASE WHEN old.${column} IS new.${column} THEN ${secret} ELSE '(not kept, changed)' END`
      return `'${fieldOf(column)}', ${changed ? differs : value}`
    })
  ]
  return `json_object(${pairs.join(', ')})`
}

function namedValue(column: string, row: 'old' | 'new'): string {
  const [expression, name] = column.split(' AS ')
  return name === undefined ? `'${fieldOf(column)}', ${row}.${column}` : `'${name}', ${at(expression ?? '', row)}`
}

/** As the API spells it. */
export function fieldOf(column: string): string {
  return column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}
