import type { Flow, FlowStatus } from '#contract/work/flows'
import type { TaskPriority, TaskStatus } from '#contract/work/tasks'

/** As the API filters runs; `status` is one or several with commas. */
export interface RunFilter {
  status?: string
  runtime?: string
  folder?: string
  agentId?: string
  runnerId?: string
  /** Of their agent. */
  tag?: string
  search?: string
}

/** As the API filters tasks. */
export interface TaskFilter {
  status?: TaskStatus
  assigneeId?: string
  epicId?: string
  priority?: TaskPriority
  search?: string
}

/** As the API filters flows. */
export interface FlowFilter {
  status?: FlowStatus
  agentId?: string
  mode?: Flow['mode']
  search?: string
}

/** As the API is asked what was said. */
export interface SearchFilter {
  q: string
  agentId?: string
  kind?: string
  after?: string
}

/** Every cache entry of the window has its key here; live changes find them by it. */
export const keys = {
  me: ['me'] as const,
  people: ['people'] as const,
  allLogins: ['logins'] as const,
  /** null: one's own. */
  logins: (userId: string | null) => ['logins', userId] as const,
  system: ['system'] as const,
  data: ['data'] as const,
  secrets: ['secrets'] as const,
  secretsFor: (agentId: string) => ['secrets', 'for', agentId] as const,
  apiKeys: ['api-keys'] as const,
  agentNames: ['agents', 'names'] as const,
  backups: ['data', 'backups'] as const,
  runners: ['runners'] as const,
  /** The code for one that is yet to come. */
  pairing: (id: string) => ['pairing', id] as const,
  engines: ['engines'] as const,
  runsOfRunner: (id: string) => ['runs-of-runner', id] as const,
  run: (id: string) => ['run', id] as const,
  runLists: ['runs'] as const,
  workingInAny: ['runs-working-in'] as const,
  workingIn: (folder: string) => ['runs-working-in', folder] as const,
  runList: (filter: RunFilter) => ['runs', filter] as const,
  paletteRuns: ['palette'] as const,
  search: (filter: SearchFilter) => ['search', filter] as const,
  neighbours: (runId: string, seq: number) => ['neighbours', runId, seq] as const,
  chains: ['chain'] as const,
  chain: (rootRunId: string) => ['chain', rootRunId] as const,
  changes: (runId: string) => ['changes', runId] as const,
  review: (runId: string) => ['review', runId] as const,
  kept: (runId: string) => ['kept', runId] as const,
  inputs: (runId: string) => ['inputs', runId] as const,
  commands: (runId: string) => ['commands', runId] as const,
  files: (place: object, query: string) => ['files', place, query] as const,
  toolCalls: (runId: string, tool: string) => ['calls', runId, tool] as const,
  taskLists: ['tasks'] as const,
  taskList: (filter: TaskFilter) => ['tasks', filter] as const,
  /** The task with its log. */
  task: (id: string) => ['task', id] as const,
  taskRuns: (taskId: string, latest: string | null) => ['task-runs', taskId, latest] as const,
  epics: ['epics'] as const,
  flowLists: ['flows'] as const,
  flowList: (filter: FlowFilter) => ['flows', filter] as const,
  flow: (id: string) => ['flow', id] as const,
  /** Each time that it was to start. */
  flowRuns: (id: string) => ['flow-runs', id] as const,
  schedule: (cron: string, timezone: string) => ['schedule', cron, timezone] as const,
  approval: (id: string) => ['approval', id] as const,
  pendingApprovals: ['approvals', 'pending'] as const,
  agent: (id: string) => ['agent', id] as const,
  agentLists: ['agents'] as const,
  agentList: (of: 'present' | 'archived') => ['agents', of] as const,
  activity: ['activity'] as const,
  usageToday: ['usage', 'today'] as const,
  budgets: ['budgets'] as const,
  budgetsOf: (agentId: string) => ['budgets', agentId] as const,
  mcps: ['mcps'] as const,
  recentApprovals: ['approvals', 'recent'] as const,
  allMoney: ['money'] as const,
  money: (figure: string, query: object) => ['money', figure, query] as const,
  auditList: (query: object) => ['audit', 'list', query] as const,
  messageList: (query: object) => ['messages', 'list', query] as const,
  threadList: (query: object) => ['messages', 'threads', query] as const,
  message: (id: string) => ['messages', 'one', id] as const,
  thread: (id: string) => ['messages', 'thread', id] as const,
  auditEntry: (seq: number) => ['audit', 'entry', seq] as const
}
