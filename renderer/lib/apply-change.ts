import type { InfiniteData, QueryClient, QueryKey } from '@tanstack/react-query'
import type { Agent } from '#contract/fleet/agents'
import type { Runner } from '#contract/runners/runners'
import type { Approval } from '#contract/runs/approvals'
import type { Run } from '#contract/runs/runs'
import type { Task } from '#contract/work/tasks'
import { keys, type RunFilter, type TaskFilter } from './query-keys.ts'

export interface Page<Item> {
  data: Item[]
  pagination: { total: number; limit: number; offset: number; hasMore: boolean }
}

/** Also called with the answer of an own request, so that nothing waits for the connection. */
export function applyRun(queries: QueryClient, run: Run): void {
  queries.setQueryData<Run>(keys.run(run.id), run)
  queries.setQueriesData<Page<Run>>({ queryKey: keys.chain(run.rootRunId) }, page => page && withRun(page, run, 'end'))
  for (const [key, data] of queries.getQueriesData<InfiniteData<Page<Run>>>({ queryKey: keys.runLists })) {
    if (!data) continue
    const filter = key[1] as RunFilter
    const tags = filter.tag === undefined ? [] : tagsOf(queries, run.agentId)
    // Of an agent that was never asked for only the server knows.
    if (tags === undefined) void queries.invalidateQueries({ queryKey: key, exact: true })
    else keepRunList(queries, key, withRunInPages(data, run, passes(run, filter, tags)))
  }
}

/** One that was deleted, by hand or by its age. Who still looks at it is told so by the server. */
export function dropRun(queries: QueryClient, id: string): void {
  void queries.invalidateQueries({ queryKey: keys.run(id) })
  queries.setQueriesData<Page<Run>>({ queryKey: keys.chains }, page => page && without(page, id))
  for (const [key, list] of queries.getQueriesData<InfiniteData<Page<Run>>>({ queryKey: keys.runLists })) {
    if (list) keepRunList(queries, key, withoutRun(list, id))
  }
}

/** One that lost half of its runs while there are others is read anew: nobody may scroll in it any more. */
function keepRunList(queries: QueryClient, key: QueryKey, list: InfiniteData<Page<Run>>): void {
  queries.setQueryData(key, list)
  const room = list.pages.reduce((sum, { pagination }) => sum + pagination.limit, 0)
  const isThin = list.pages.flatMap(page => page.data).length < room / 2
  if (isThin && list.pages.at(-1)?.pagination.hasMore)
    void queries.invalidateQueries({ queryKey: key, exact: true }, { cancelRefetch: false })
}

function tagsOf(queries: QueryClient, agentId: string | null): readonly string[] | undefined {
  if (agentId === null) return []
  const lists = queries.getQueriesData<{ data: Agent[] }>({ queryKey: keys.agentLists })
  const known = lists.flatMap(([, list]) => list?.data.find(agent => agent.id === agentId) ?? [])[0]
  return (known ?? queries.getQueryData<Agent>(keys.agent(agentId)))?.tags
}

/** To be called ahead of what an agent becomes: with other tags its runs belong to other lists, which only the server can fill. */
export function refreshRunsByTag(queries: QueryClient, { id, tags }: Pick<Agent, 'id' | 'tags'>): void {
  const byTag = queries.getQueryCache().findAll({
    queryKey: keys.runLists,
    predicate: ({ queryKey }) => (queryKey[1] as RunFilter | undefined)?.tag !== undefined
  })
  if (byTag.length === 0 || JSON.stringify(tagsOf(queries, id)) === JSON.stringify(tags)) return
  for (const { queryKey } of byTag) void queries.invalidateQueries({ queryKey, exact: true })
}

/** The rule of the API for lists of runs; `tags` are those of its agent. */
function passes(run: Run, filter: RunFilter, tags: readonly string[]): boolean {
  const { status, runtime, folder, agentId, runnerId, tag, search = '' } = filter
  const below = [`${folder}/`, `${folder}\\`]
  return (
    (!status || status.split(',').includes(run.status)) &&
    (!runtime || run.runtime === runtime) &&
    (!agentId || run.agentId === agentId) &&
    (!runnerId || run.runnerId === runnerId) &&
    (!tag || tags.includes(tag)) &&
    (!folder || run.cwd === folder || below.some(start => run.cwd?.startsWith(start))) &&
    search
      .toLowerCase()
      .split(/\s+/)
      .every(word =>
        /^#\d+$/.test(word)
          ? word === `#${run.number}`
          : `${run.input}\n${run.title ?? ''}`.toLowerCase().includes(word)
      )
  )
}

/**
 * Pages hold the most recent runs of a filter without a gap. None grows beyond its limit: what has no room goes over to the
 * next one and from the last one out, to be read again when the reader comes there. `belongs`: the run passes the filter.
 */
function withRunInPages(list: InfiniteData<Page<Run>>, run: Run, belongs: boolean): InfiniteData<Page<Run>> {
  const at = list.pages.findIndex(page => page.data.some(one => one.id === run.id))
  if (at >= 0 && belongs)
    return { ...list, pages: list.pages.map((page, i) => (i === at ? withRun(page, run, 'start') : page)) }
  if (!belongs) return withoutRun(list, run.id)
  const runs = list.pages.flatMap(page => page.data)
  const oldest = runs.at(-1)?.number ?? Number.POSITIVE_INFINITY
  // It stands below what was read, and comes with its page.
  if (run.number < oldest && list.pages.at(-1)?.pagination.hasMore) return list
  const below = runs.findIndex(one => one.number < run.number)
  return inPages(list, runs.toSpliced(below < 0 ? runs.length : below, 0, run), 1)
}

function withoutRun(list: InfiniteData<Page<Run>>, id: string): InfiniteData<Page<Run>> {
  const runs = list.pages.flatMap(page => page.data)
  const left = runs.filter(run => run.id !== id)
  return left.length < runs.length ? inPages(list, left, -1) : list
}

/** `more`: how many belong to the filter since. */
function inPages(list: InfiniteData<Page<Run>>, runs: readonly Run[], more: 1 | -1): InfiniteData<Page<Run>> {
  let from = 0
  const pages = list.pages.map(({ pagination }) => {
    const data = runs.slice(from, from + pagination.limit)
    from += pagination.limit
    const hasMore = pagination.hasMore || from < runs.length
    return { data, pagination: { ...pagination, hasMore, total: pagination.total + more } }
  })
  return { ...list, pages }
}

function withRun(page: Page<Run>, run: Run, where: 'start' | 'end'): Page<Run> {
  const at = page.data.findIndex(one => one.id === run.id)
  if (at >= 0) return { ...page, data: page.data.with(at, run) }
  const data = where === 'start' ? [run, ...page.data] : [...page.data, run]
  return { data, pagination: { ...page.pagination, total: page.pagination.total + 1 } }
}

function without<Item extends { id: string }>(page: Page<Item>, id: string): Page<Item> {
  const data = page.data.filter(one => one.id !== id)
  const total = page.pagination.total - (page.data.length - data.length)
  return { data, pagination: { ...page.pagination, total } }
}

export function applyApproval(queries: QueryClient, approval: Approval): void {
  queries.setQueryData<Approval>(keys.approval(approval.id), approval)
  queries.setQueryData<Page<Approval>>(
    keys.pendingApprovals,
    page => page && withApproval(page, approval, approval.status === 'pending', 'end')
  )
  queries.setQueryData<Page<Approval>>(
    keys.recentApprovals,
    page => page && withApproval(page, approval, approval.status !== 'pending', 'start')
  )
}

function withApproval(
  page: Page<Approval>,
  approval: Approval,
  belongs: boolean,
  where: 'start' | 'end'
): Page<Approval> {
  const at = page.data.findIndex(one => one.id === approval.id)
  if (!belongs) return at < 0 ? page : without(page, approval.id)
  if (at >= 0) return { ...page, data: page.data.with(at, approval) }
  // One that was undone waits again where it waited before.
  const data = where === 'start' ? [approval, ...page.data] : [...page.data, approval].sort(byAge)
  return { data, pagination: { ...page.pagination, total: page.pagination.total + 1 } }
}

function byAge(a: Approval, b: Approval): number {
  return a.createdAt.localeCompare(b.createdAt)
}

export function applyRunner(queries: QueryClient, id: string, runner: Runner | null): void {
  queries.setQueryData<{ data: Runner[] }>(keys.runners, list => {
    if (!list) return list
    const at = list.data.findIndex(one => one.id === id)
    if (!runner) return { data: list.data.filter(one => one.id !== id) }
    return { data: at < 0 ? [...list.data, runner] : list.data.with(at, runner) }
  })
}

/** Also called with the answer of an own request. `task` null: it is gone. */
export function applyTask(queries: QueryClient, id: string, task: Task | null): void {
  for (const [key, page] of queries.getQueriesData<Page<Task>>({ queryKey: keys.taskLists })) {
    if (page) queries.setQueryData(key, withTask(page, id, task, key[1] as TaskFilter))
  }
  // Its log grew: it is asked for, where it is shown.
  void queries.invalidateQueries({ queryKey: keys.task(id) })
}

function withTask(page: Page<Task>, id: string, task: Task | null, filter: TaskFilter): Page<Task> {
  const there = page.data.some(one => one.id === id)
  if (!task || !taskPasses(task, filter)) return there ? without(page, id) : page
  if (there) return { ...page, data: page.data.map(one => (one.id === id ? task : one)) }
  const data = [...page.data, task].sort((a, b) => b.number - a.number)
  return { data, pagination: { ...page.pagination, total: page.pagination.total + 1 } }
}

/** The rule of the API for lists of tasks; like the store it takes capital and small for the same from A to Z alone. */
function taskPasses(task: Task, { status, assigneeId, epicId, priority, search = '' }: TaskFilter): boolean {
  const small = (text: string) => text.replace(/[A-Z]/g, letter => letter.toLowerCase())
  return (
    (!status || task.status === status) &&
    (!assigneeId || task.assigneeId === assigneeId) &&
    (!epicId || task.epicId === epicId) &&
    (!priority || task.priority === priority) &&
    small(search)
      .split(/\s+/)
      .every(word => {
        const number = /^(?:#|t-)(\d+)$/.exec(word)?.[1]
        return number ? Number(number) === task.number : small(task.title).includes(word)
      })
  )
}

let epicsTimer: ReturnType<typeof setTimeout> | undefined

/** The progress of epics follows at most once a second, however many tasks move. */
export function refreshEpicsSoon(queries: QueryClient): void {
  if (epicsTimer !== undefined) return
  epicsTimer = setTimeout(() => {
    epicsTimer = undefined
    void queries.invalidateQueries({ queryKey: keys.epics })
  }, 1000)
}

let systemTimer: ReturnType<typeof setTimeout> | undefined

/** The counts and figures of today follow at most once a second, however many runs move. */
export function refreshSystemSoon(queries: QueryClient): void {
  if (systemTimer !== undefined) return
  systemTimer = setTimeout(() => {
    systemTimer = undefined
    void queries.invalidateQueries({ queryKey: keys.system })
    void queries.invalidateQueries({ queryKey: keys.usageToday })
  }, 1000)
}
