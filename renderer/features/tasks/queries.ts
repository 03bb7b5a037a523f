import { keepPreviousData, useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { z } from 'zod'
import { listRuns } from '#contract/runs/runs'
import {
  changeEpic,
  changeTask,
  createEpic,
  createTask,
  deleteEpic,
  deleteTask,
  getTask,
  listTasks,
  runTask,
  type Task,
  type TaskStatus
} from '#contract/work/tasks'
import { applyTask } from '../../lib/apply-change.ts'
import { call } from '../../lib/call.ts'
import { keys, type TaskFilter } from '../../lib/query-keys.ts'
import { each } from '../../parts/selection.ts'
import { columns, inOrder } from './task-moves.ts'

const shownFirst = 60
const mostShown = 500

export interface ColumnOfTasks {
  status: TaskStatus
  tasks: Task[]
  total: number
  /** Shows more of them; undefined: these are all, or more than anybody reads as a list. */
  more?: () => void
}

/** The tasks of every column that pass the filter. */
export function useTaskColumns(filter: TaskFilter) {
  const [limits, setLimits] = useState<Partial<Record<TaskStatus, number>>>({})
  const lists = useQueries({
    queries: columns.map(({ status }) => {
      const limit = limits[status] ?? shownFirst
      return {
        queryKey: [...keys.taskList({ ...filter, status }), limit],
        queryFn: ({ signal }: { signal: AbortSignal }) =>
          call(listTasks, { query: { ...filter, status, limit }, signal }),
        placeholderData: keepPreviousData
      }
    })
  })
  const known = lists.every(list => list.data !== undefined)
  const shown = columns.map(({ status }, at): ColumnOfTasks => {
    const page = lists[at]?.data
    const total = page?.pagination.total ?? 0
    const limit = limits[status] ?? shownFirst
    const tasks = inOrder(status, page?.data ?? [])
    const more = tasks.length < total && limit < mostShown
    return {
      status,
      tasks,
      total,
      ...(more && { more: () => setLimits({ ...limits, [status]: Math.min(mostShown, limit * 2) }) })
    }
  })
  return {
    columns: known ? shown : undefined,
    error: lists.find(list => list.isError)?.error ?? null,
    again: () => void Promise.all(lists.map(list => list.refetch()))
  }
}

export function useTask(id: string) {
  return useQuery({ queryKey: keys.task(id), queryFn: ({ signal }) => call(getTask, { params: { id }, signal }) })
}

const runsShown = 20

/** Its runs, latest first. `latest` is the one that the task names: with another there is one more. */
export function useTaskRuns(taskId: string, latest: string | null) {
  return useQuery({
    queryKey: keys.taskRuns(taskId, latest),
    queryFn: ({ signal }) => call(listRuns, { query: { taskId, limit: runsShown }, signal }),
    placeholderData: keepPreviousData
  })
}

export type NewTask = z.input<typeof createTask.body>
export type TaskPatch = z.input<typeof changeTask.body>

export function useTaskActions() {
  const queries = useQueryClient()
  const onSuccess = (task: Task) => applyTask(queries, task.id, task)
  return {
    create: useMutation({
      mutationFn: ({ body, key }: { body: NewTask; key: string }) => call(createTask, { body, idempotencyKey: key }),
      onSuccess
    }),
    change: useMutation({
      mutationFn: ({ id, ...body }: TaskPatch & { id: string }) => call(changeTask, { params: { id }, body }),
      onSuccess
    }),
    remove: useMutation({
      mutationFn: (id: string) => call(deleteTask, { params: { id } }),
      onSuccess: (_, id) => applyTask(queries, id, null)
    })
  }
}

/** What is done to several tasks; each answers with what failed. */
export function useTasksTogether() {
  const queries = useQueryClient()
  return {
    change: (tasks: readonly Task[], patchOf: (task: Task) => TaskPatch) =>
      each(tasks, async task => {
        const changed = await call(changeTask, { params: { id: task.id }, body: patchOf(task) })
        applyTask(queries, task.id, changed)
      }),
    start: (tasks: readonly Task[]) => each(tasks, task => call(runTask, { params: { id: task.id } })),
    remove: (tasks: readonly Task[]) =>
      each(tasks, async task => {
        await call(deleteTask, { params: { id: task.id } })
        applyTask(queries, task.id, null)
      })
  }
}

export function useEpicActions() {
  const queries = useQueryClient()
  const onSettled = () => queries.invalidateQueries({ queryKey: keys.epics })
  return {
    save: useMutation({
      mutationFn: ({ id, ...body }: { id: string | null; title: string; description: string }) =>
        id === null ? call(createEpic, { body }) : call(changeEpic, { params: { id }, body }),
      onSettled
    }),
    remove: useMutation({
      mutationFn: (id: string) => call(deleteEpic, { params: { id } }),
      onSettled: () => Promise.all([onSettled(), queries.invalidateQueries({ queryKey: keys.taskLists })])
    })
  }
}
