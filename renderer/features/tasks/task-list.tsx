import { Fragment } from 'react'
import { Link } from 'wouter'
import type { Task } from '#contract/work/tasks'
import { money } from '../../lib/format.ts'
import { useHotkeys } from '../../lib/hotkeys.ts'
import { type Selection, selectionKeys, useSelection } from '../../parts/selection.ts'
import { Ago } from '../../ui/ago.tsx'
import { Button } from '../../ui/button.tsx'
import { Glyph, Status } from '../../ui/glyph.tsx'
import { Said } from '../../ui/said.tsx'
import { EpicName } from './epic-name.tsx'
import { Priority } from './priority.tsx'
import type { ColumnOfTasks } from './queries.ts'
import { SelectedTasks } from './selected-tasks.tsx'
import type { BoardProps } from './task-board.tsx'
import styles from './task-list.module.css'
import { TaskMenu } from './task-menu.tsx'
import { columnOf } from './task-moves.ts'

/** Who needs a person comes first. */
const order = ['waiting', 'running', 'error', 'pending', 'done'] as const

/** The same tasks as rows, by status. */
export function TaskList(props: BoardProps) {
  const groups = order.flatMap(status => props.columns.find(one => one.status === status && one.total > 0) ?? [])
  const tasks = groups.flatMap(group => group.tasks)
  const selection = useSelection(tasks.map(task => task.id))
  const rows = () => [...document.querySelectorAll<HTMLElement>('[data-card]')]
  const may = props.readOnly === null
  useHotkeys(
    selectionKeys({
      selection,
      one: 'task',
      may,
      focused: () => (document.activeElement as HTMLElement | null)?.dataset.card ?? null,
      goOn: () => {
        const all = rows()
        all[all.indexOf(document.activeElement as HTMLElement) + 1]?.focus()
      }
    })
  )
  const selected = tasks.filter(task => selection.has(task.id))
  return (
    <>
      <section className={styles.scroll} aria-label="Tasks">
        <table className={styles.table}>
          <thead>
            <tr>
              <th>Status</th>
              <th>Task</th>
              <th className={styles.wide}>Epic</th>
              <th>Assignee</th>
              <th>Priority</th>
              <th className={styles.number}>Since</th>
              <th className={styles.number}>Cost</th>
              {!props.readOnly && (
                <th>
                  <span className="hidden-label">Actions</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {groups.map(group => (
              <Group key={group.status} group={group} selection={selection} {...props} />
            ))}
          </tbody>
        </table>
      </section>
      {selected.length > 0 && <SelectedTasks tasks={selected} epics={props.facts.epics} onClear={selection.clear} />}
    </>
  )
}

type ListProps = BoardProps & { selection: Selection }

function Group({ group, ...props }: ListProps & { group: ColumnOfTasks }) {
  const { title, tone } = columnOf(group.status)
  return (
    <Fragment>
      <tr className={styles.group}>
        <th colSpan={props.readOnly ? 7 : 8} scope="colgroup">
          <span>
            <Glyph tone={tone} /> {title} <i>{group.total.toLocaleString('en-US')}</i>
          </span>
        </th>
      </tr>
      {group.tasks.map(task => (
        <Row key={task.id} task={task} {...props} />
      ))}
      {group.more && (
        <tr>
          <td colSpan={8}>
            <Button small look="ghost" onClick={group.more}>
              Show more of {group.total.toLocaleString('en-US')}
            </Button>
          </td>
        </tr>
      )}
    </Fragment>
  )
}

function Row({ task, facts, filters, shown, moving, readOnly, selection }: ListProps & { task: Task }) {
  const { title, tone } = columnOf(task.status)
  const agent = task.assigneeId === null ? undefined : facts.agents.get(task.assigneeId)
  const epic = facts.epics.find(one => one.id === task.epicId)
  return (
    <tr
      className={styles.row}
      aria-current={task.id === shown ? 'true' : undefined}
      data-selected={selection.has(task.id) || undefined}
    >
      <td className={styles.first}>
        {!readOnly && (
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={`Select T-${task.number}`}
            checked={selection.has(task.id)}
            onChange={() => selection.toggle(task.id)}
          />
        )}
        <Status tone={tone}>{moving.busy[task.id] ?? title}</Status>
      </td>
      <td className={styles.title}>
        <Link href={filters.addressOf(task.id)} data-card={task.id}>
          <span className={styles.id}>T-{task.number}</span> <Said>{task.title}</Said>
        </Link>
      </td>
      <td className={styles.wide}>{epic && <EpicName epic={epic} epics={facts.epics} />}</td>
      <td>
        {task.assigneeId === null ? (
          <span className={styles.mute}>Unassigned</span>
        ) : agent ? (
          <Said>{agent.name}</Said>
        ) : (
          'An agent'
        )}
      </td>
      <td>
        <Priority priority={task.priority} />
      </td>
      <td className={styles.number}>
        <Ago ts={task.statusSince} />
      </td>
      <td className={styles.number}>{task.tokens > 0 ? money(task.costUsd) : '–'}</td>
      {!readOnly && (
        <td className={styles.actions}>
          <TaskMenu task={task} moving={moving} />
        </td>
      )}
    </tr>
  )
}
