import { useQueries } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import { getTask, type Task } from '#contract/work/tasks'
import { call, wordsOf } from '../../lib/call.ts'
import { keys } from '../../lib/query-keys.ts'
import { IconButton } from '../../ui/button.tsx'
import { Field, Select } from '../../ui/field.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { Said } from '../../ui/said.tsx'
import { useTaskActions, useTaskColumns } from './queries.ts'
import { columnOf } from './task-moves.ts'
import styles from './task-sheet.module.css'

/** Tasks that must be done before it can start. */
export function Dependencies({ task, readOnly }: { task: Task; readOnly: string | null }) {
  const { change } = useTaskActions()
  const [adding, setAdding] = useState('')
  const needed = useQueries({
    queries: task.dependsOn.map(id => ({
      queryKey: keys.task(id),
      queryFn: ({ signal }: { signal: AbortSignal }) => call(getTask, { params: { id }, signal })
    }))
  })
  const others = (useTaskColumns({}).columns ?? [])
    .flatMap(column => column.tasks)
    .filter(one => one.id !== task.id && !task.dependsOn.includes(one.id))
    .sort((a, b) => b.number - a.number)
  const set = (dependsOn: string[]) => {
    setAdding('')
    change.mutate({ id: task.id, dependsOn })
  }
  if (task.dependsOn.length === 0 && (readOnly || others.length === 0)) return null
  return (
    <section className={styles.part}>
      <h3 className={styles.label}>Depends on</h3>
      <ul className={styles.rows}>
        {task.dependsOn.map((id, at) => {
          const other = needed[at]?.data
          return (
            <li key={id}>
              {other && <Glyph tone={columnOf(other.status).tone} label={columnOf(other.status).title} />}
              <Link href={`/tasks/${id}${location.search}`} className="truncate">
                {other ? (
                  <>
                    T-{other.number} <Said>{other.title}</Said>
                  </>
                ) : (
                  'A task'
                )}
              </Link>
              {!readOnly && (
                <IconButton
                  icon={X}
                  label={`No longer depend on ${other ? `T-${other.number}` : 'it'}`}
                  onClick={() => set(task.dependsOn.filter(one => one !== id))}
                />
              )}
            </li>
          )
        })}
      </ul>
      {!readOnly && others.length > 0 && (
        <Field
          label="Another task that must be done first"
          hideLabel
          error={change.isError ? wordsOf(change.error) : undefined}
        >
          {control => (
            <Select {...control} value={adding} onChange={event => set([...task.dependsOn, event.target.value])}>
              <option value="">Add a task that must be done first</option>
              {others.map(one => (
                <option key={one.id} value={one.id}>
                  T-{one.number} {one.title.slice(0, 80)}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
    </section>
  )
}
