import { Search } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Agent } from '#contract/fleet/agents'
import { taskPriorities } from '#contract/work/tasks'
import { useHotkeys } from '../../lib/hotkeys.ts'
import { isolated } from '../../lib/visible.ts'
import { Shortcut } from '../../ui/key.tsx'
import { Pick } from '../../ui/pick.tsx'
import { priorityTitles, type TaskFilters } from './task-filters.ts'
import styles from './tasks-page.module.css'

const typedMs = 200

export function FindTask({ filters: { search, set } }: { filters: TaskFilters }) {
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(search)
  const last = useRef(set)
  last.current = set
  // Back and forward change the address; the field follows.
  useEffect(() => setText(search), [search])
  useEffect(() => {
    if (text.trim() === search) return
    const timer = setTimeout(() => last.current('search', text.trim()), typedMs)
    return () => clearTimeout(timer)
  }, [text, search])
  useHotkeys([{ keys: '/', label: 'Find task', run: () => field.current?.select() }])
  return (
    <label className={styles.find}>
      <Search size={14} aria-hidden />
      <span className="hidden-label">Find tasks by words of the title, or T- and a number</span>
      <input
        ref={field}
        type="search"
        placeholder="Find task"
        maxLength={200}
        value={text}
        onChange={event => setText(event.target.value)}
        onKeyDown={event => {
          if (event.key !== 'Escape') return
          setText('')
          event.currentTarget.blur()
        }}
      />
      <span className={styles.slash} aria-hidden>
        <Shortcut keys="/" />
      </span>
    </label>
  )
}

export function PickFilters({ filters, agents }: { filters: TaskFilters; agents: readonly Agent[] }) {
  const options = agents.filter(one => one.status !== 'archived')
  return (
    <>
      <Pick
        title="Assignee"
        chosen={filters.assigneeId}
        options={options.map(({ id, name }) => ({ id, title: isolated(name) }))}
        onPick={id => filters.set('assignee', id)}
      />
      <Pick
        title="Priority"
        chosen={filters.priority ?? ''}
        options={taskPriorities.toReversed().map(id => ({ id, title: priorityTitles[id] }))}
        onPick={id => filters.set('priority', id)}
      />
    </>
  )
}
