import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Task, TaskStatus } from '#contract/work/tasks'
import { announce } from '../../lib/announce.ts'
import { cardOf } from './task-card.tsx'
import { columnOf, columns, moveOf } from './task-moves.ts'

interface Lifted {
  task: Task
  to: TaskStatus
}

/**
 * The board by keyboard: Space lifts a card, arrows choose a column, Space drops it, Escape leaves it where it was.
 * While none is lifted, arrows walk from card to card.
 */
export function useLifting(
  shown: ReadonlyMap<TaskStatus, readonly Task[]>,
  move: (task: Task, to: TaskStatus) => void
) {
  const [lifted, setLifted] = useState<Lifted | null>(null)
  const keepFocus = useKeptCard()
  const step = (by: number) => {
    if (!lifted) return
    const at = columns.findIndex(one => one.status === lifted.to) + by
    const next = columns[at]
    if (!next) return
    setLifted({ ...lifted, to: next.status })
    const { does, words } = moveOf(lifted.task, next.status)
    announce(does === 'nothing' ? `${next.title}. ${words}` : `${next.title}. ${words}. Space drops it`)
  }
  const walk = (task: Task, key: string) => {
    const at = columns.findIndex(one => one.status === task.status)
    const own = shown.get(task.status) ?? []
    const row = own.findIndex(one => one.id === task.id)
    const beside = (by: number): Task | undefined => {
      for (let column = columns[at + by], n = at + by; column; n += by, column = columns[n]) {
        const there = shown.get(column.status) ?? []
        if (there.length > 0) return there[Math.min(row, there.length - 1)]
      }
      return undefined
    }
    const ways: Record<string, () => Task | undefined> = {
      ArrowDown: () => own[row + 1],
      ArrowUp: () => own[row - 1],
      ArrowLeft: () => beside(-1),
      ArrowRight: () => beside(1)
    }
    const next = ways[key]?.()
    if (next) cardOf(next.id)?.focus()
  }
  const onKeyDown = (task: Task, movable: boolean) => (event: KeyboardEvent<HTMLElement>) => {
    const arrow = event.key.startsWith('Arrow')
    if (event.altKey || event.ctrlKey || event.metaKey) return
    if (!arrow && event.key !== ' ' && !(lifted && event.key === 'Escape')) return
    event.preventDefault()
    if (arrow && !lifted) return walk(task, event.key)
    if (arrow) return step({ ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0)
    if (event.repeat || !movable) return
    if (!lifted) {
      setLifted({ task, to: task.status })
      return announce(`T-${task.number} is lifted from ${columnOf(task.status).title}. Arrows choose a column`)
    }
    setLifted(null)
    if (event.key === 'Escape') return announce('Left where it was')
    if (lifted.to !== task.status) move(task, lifted.to)
    else announce('Left where it was')
  }
  return {
    lifted,
    onKeyDown,
    onFocus: (task: Task) => {
      if (lifted && lifted.task.id !== task.id) setLifted(null)
      keepFocus(task.id)
    }
  }
}

/** A card that changes its column is drawn anew: it keeps the focus that it had. */
function useKeptCard(): (id: string) => void {
  const had = useRef<string | null>(null)
  useEffect(() => {
    const elsewhere = (event: Event) => {
      const card = event.target instanceof Element ? event.target.closest('[data-card]') : null
      if (!card) had.current = null
    }
    document.addEventListener('focusin', elsewhere)
    document.addEventListener('pointerdown', elsewhere)
    return () => {
      document.removeEventListener('focusin', elsewhere)
      document.removeEventListener('pointerdown', elsewhere)
    }
  }, [])
  useLayoutEffect(() => {
    if (had.current !== null && document.activeElement === document.body) cardOf(had.current)?.focus()
  })
  return id => {
    had.current = id
  }
}
