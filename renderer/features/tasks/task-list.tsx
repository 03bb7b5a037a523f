import { Fragment } from 'react'
import { Link } from 'wouter'
import type { Task } from '#contract/work/tasks'
import { money } from '../../lib/format.ts'
import { Ago } from '../../ui/ago.tsx'
import { Button } from '../../ui/button.tsx'
import { Glyph, Status } from '../../ui/glyph.tsx'
import { Said } from '../../ui/said.tsx'
import { EpicName } from './epic-name.tsx'
import { Priority } from './priority.tsx'
import type { ColumnOfTasks } from './queries.ts'
import type { BoardProps } from './task-board.tsx'
import styles from './task-list.module.css'
import { TaskMenu } from './task-menu.tsx'
import { columnOf } from './task-moves.ts'

/** Who needs a person comes first. */
const order = ['waiting', 'running', 'error', 'pending', 'done'] as const

/** The same tasks as rows, by status. */
export function TaskList(props: BoardProps) {
  const groups = order.flatMap(status => props.columns.find(one => one.status === status && one.total > 0) ?? [])
  return (
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
            <Group key={group.status} group={group} {...props} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Group({ group, ...props }: BoardProps & { group: ColumnOfTasks }) {
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

function Row({ task, facts, filters, shown, moving, readOnly }: BoardProps & { task: Task }) {
  const { title, tone } = columnOf(task.status)
  const agent = task.assigneeId === null ? undefined : facts.agents.get(task.assigneeId)
  const epic = facts.epics.find(one => one.id === task.epicId)
  return (
    <tr className={styles.row} aria-current={task.id === shown ? 'true' : undefined}>
      <td>
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
