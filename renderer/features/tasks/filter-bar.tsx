import { Search } from 'lucide-react'
import type { Agent } from '#contract/fleet/agents'
import { taskPriorities } from '#contract/work/tasks'
import { isolated } from '../../lib/visible.ts'
import { FilterText } from '../../ui/filters.tsx'
import { Pick } from '../../ui/pick.tsx'
import { priorityTitles, type TaskFilters } from './task-filters.ts'
import styles from './tasks-page.module.css'

export function FindTask({ filters: { search, set } }: { filters: TaskFilters }) {
  return (
    <FilterText
      icon={Search}
      className={styles.find}
      label="Find tasks by words of the title, or T- and a number"
      placeholder="Find task"
      keyLabel="Find task"
      value={search}
      onChange={text => set('search', text)}
    />
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
