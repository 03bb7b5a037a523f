import { useLocation, useSearch } from 'wouter'
import { type TaskPriority, type TaskStatus, taskPriorities, taskStatuses } from '#contract/work/tasks'
import type { TaskFilter } from '../../lib/query-keys.ts'

type Name = 'search' | 'assignee' | 'priority' | 'epic' | 'view' | 'column'

export const priorityTitles: Record<TaskPriority, string> = { high: 'High', normal: 'Normal', low: 'Low' }

/** Filters, view and column as they stand in the URL. */
export function useTaskFilters() {
  // What the router hands out is decoded already: an & in a word would end it.
  useSearch()
  const params = new URLSearchParams(location.search)
  const [, navigate] = useLocation()
  const value = (name: Name) => params.get(name) ?? ''
  const queryWith = (name: Name, text: string) => {
    const after = new URLSearchParams(location.search)
    if (text === '') after.delete(name)
    else after.set(name, text)
    return after.size === 0 ? '' : `?${after}`
  }
  const search = value('search').slice(0, 200)
  const assigneeId = value('assignee').slice(0, 64)
  const epicId = value('epic').slice(0, 64)
  const priority = taskPriorities.find(one => one === value('priority'))
  const filter: TaskFilter = {
    ...(search && { search }),
    ...(assigneeId && { assigneeId }),
    ...(epicId && { epicId }),
    ...(priority && { priority })
  }
  return {
    filter,
    search,
    assigneeId,
    epicId,
    priority,
    filtered: Object.keys(filter).length > 0,
    view: value('view') === 'list' ? ('list' as const) : ('board' as const),
    column: taskStatuses.find(one => one === value('column')),
    /** The page stays where it is; each keystroke would be a page of the browser's history. */
    set: (name: Name, text: string) =>
      navigate(location.pathname + queryWith(name, text), { replace: name === 'search' || name === 'column' }),
    /** The address of a task, or of the board without one, with what is filtered. */
    addressOf: (id: string | null) => (id === null ? '/tasks' : `/tasks/${id}`) + location.search,
    newAddress: (status: TaskStatus) => {
      const query = queryWith('column', status)
      return `/tasks/new${query}`
    }
  }
}

export type TaskFilters = ReturnType<typeof useTaskFilters>
