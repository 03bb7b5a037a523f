import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { changeTask, runTask, type Task, type TaskStatus } from '#contract/work/tasks'
import { announce } from '../../lib/announce.ts'
import { applyTask } from '../../lib/apply-change.ts'
import { call } from '../../lib/call.ts'
import { toast, toastFailure } from '../../ui/toast.tsx'
import { columnOf, moveOf } from './task-moves.ts'

const undoMs = 10_000

/** Moves of tasks between columns: to Running starts one, out of it stops it, anything else marks it and can be undone. */
export function useMoving() {
  const queries = useQueryClient()
  const [busy, setBusy] = useState<Readonly<Record<string, string>>>({})
  /** A task that shall run and has nobody to do it. */
  const [unassigned, setUnassigned] = useState<Task | null>(null)

  const during = async (task: Task, words: string, work: () => Promise<unknown>) => {
    setBusy(all => ({ ...all, [task.id]: words }))
    try {
      await work()
    } catch (error) {
      toastFailure(error)
    } finally {
      setBusy(({ [task.id]: _, ...others }) => others)
    }
  }
  const put = async (task: Task, status: TaskStatus) => {
    const changed = await call(changeTask, { params: { id: task.id }, body: { status } })
    applyTask(queries, task.id, changed)
    return changed
  }
  const start = (task: Task, assigneeId?: string) =>
    during(task, 'Starting', async () => {
      if (assigneeId !== undefined) {
        const given = await call(changeTask, { params: { id: task.id }, body: { assigneeId } })
        applyTask(queries, task.id, given)
      }
      await call(runTask, { params: { id: task.id } })
      announce(`T-${task.number} was started`)
    })
  const mark = async (task: Task, to: TaskStatus) => {
    applyTask(queries, task.id, { ...task, status: to })
    try {
      const moved = await put(task, to)
      const run = () => void put(moved, task.status).catch(toastFailure)
      const words = `T-${task.number} is in ${columnOf(to).title}`
      toast(words, 'done', { label: 'Undo', keys: 'mod+z', run, forMs: undoMs })
    } catch (error) {
      applyTask(queries, task.id, task)
      toastFailure(error)
    }
  }
  const move = (task: Task, to: TaskStatus): void => {
    const { does, words } = moveOf(task, to)
    switch (does) {
      case 'nothing':
        announce(words)
        if (to !== task.status) toast(words, 'failed')
        break
      case 'run':
        if (task.assigneeId === null) setUnassigned(task)
        else void start(task)
        break
      case 'stop':
        void during(task, 'Stopping', () => put(task, to))
        break
      case 'mark':
        void mark(task, to)
        break
      default:
        does satisfies never
    }
  }
  return { move, start, busy, unassigned, leave: () => setUnassigned(null) }
}

export type Moving = ReturnType<typeof useMoving>
