import { Link } from 'wouter'
import type { Task, TaskWithLog } from '#contract/work/tasks'
import { spent } from '../../lib/format.ts'
import { RunStatusText } from '../../parts/run-status.tsx'
import { Ago } from '../../ui/ago.tsx'
import { Said } from '../../ui/said.tsx'
import { useTaskRuns } from './queries.ts'
import styles from './task-sheet.module.css'

/** What its agents did for it, latest first. */
export function TaskRuns({ task }: { task: Task }) {
  const { data } = useTaskRuns(task.id, `${task.runId} ${task.status}`)
  if (!data || data.data.length === 0) return null
  return (
    <section className={styles.part}>
      <h3 className={styles.label}>Runs</h3>
      <ul className={styles.rows}>
        {data.data.map(run => (
          <li key={run.id}>
            <RunStatusText run={run} />
            <Link href={`/runs/${run.id}`}>Run #{run.number}</Link>
            <span className={styles.far}>
              {spent(run)} · <Ago ts={run.createdAt} ago />
            </span>
          </li>
        ))}
      </ul>
      {data.pagination.hasMore && <p className={styles.note}>The latest {data.data.length} are shown.</p>}
    </section>
  )
}

/** What happened to it, latest first. */
export function TaskLog({ task }: { task: TaskWithLog }) {
  return (
    <section className={styles.part}>
      <h3 className={styles.label}>Log</h3>
      <ol className={styles.log}>
        {task.log.toReversed().map((entry, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: entries are only added, and have no other name
          <li key={task.log.length - at}>
            <span className={styles.when}>
              <Ago ts={entry.ts} />
            </span>
            <Said>{entry.text}</Said>
          </li>
        ))}
      </ol>
    </section>
  )
}
