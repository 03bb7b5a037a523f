import type { Agent } from '#contract/fleet/agents'
import { type Epic, type Task, type TaskPriority, taskPriorities } from '#contract/work/tasks'
import { Field, Select } from '../../ui/field.tsx'
import { priorityTitles } from './task-filters.ts'
import styles from './task-sheet.module.css'

type Values = Pick<Task, 'assigneeId' | 'priority' | 'epicId'>

interface Props {
  values: Values
  agents: readonly Agent[]
  epics: readonly Epic[]
  disabled: boolean
  /** Why its assignee is fixed. */
  fixed?: string
  faults?: Record<string, string>
  onChange: (change: Partial<Values>) => void
}

/** Who does it, how urgent it is and what it belongs to. */
export function TaskFields({ values, agents, epics, disabled, fixed, faults = {}, onChange }: Props) {
  const offered = agents.filter(one => one.status !== 'archived' || one.id === values.assigneeId)
  const stranger = values.assigneeId !== null && !offered.some(one => one.id === values.assigneeId)
  return (
    <div className={styles.fields}>
      <Field label="Assignee" hint={fixed} error={faults.assigneeId}>
        {control => (
          <Select
            {...control}
            value={values.assigneeId ?? ''}
            disabled={disabled || fixed !== undefined}
            onChange={event => onChange({ assigneeId: event.target.value || null })}
          >
            <option value="">Unassigned</option>
            {stranger && <option value={values.assigneeId ?? ''}>An agent that is not in the list</option>}
            {offered.map(one => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Priority" error={faults.priority}>
        {control => (
          <Select
            {...control}
            value={values.priority}
            disabled={disabled}
            onChange={event => onChange({ priority: event.target.value as TaskPriority })}
          >
            {taskPriorities.toReversed().map(one => (
              <option key={one} value={one}>
                {priorityTitles[one]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Epic" error={faults.epicId}>
        {control => (
          <Select
            {...control}
            value={values.epicId ?? ''}
            disabled={disabled}
            onChange={event => onChange({ epicId: event.target.value || null })}
          >
            <option value="">None</option>
            {epics.map(one => (
              <option key={one.id} value={one.id}>
                {one.title}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </div>
  )
}
