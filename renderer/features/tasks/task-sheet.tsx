import { Play, Square, X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { Agent } from '#contract/fleet/agents'
import type { Epic, TaskWithLog } from '#contract/work/tasks'
import { wordsOf } from '../../lib/call.ts'
import { money, tokens } from '../../lib/format.ts'
import { useHotkeys } from '../../lib/hotkeys.ts'
import { useNarrow } from '../../lib/narrow.ts'
import { useAgentsById } from '../../parts/agents.ts'
import { useMe, useWho } from '../../parts/who.ts'
import { Ago } from '../../ui/ago.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Pill } from '../../ui/glyph.tsx'
import { Problem, SkeletonRows } from '../../ui/notice.tsx'
import { Said } from '../../ui/said.tsx'
import { toastFailure } from '../../ui/toast.tsx'
import { useTask, useTaskActions } from './queries.ts'
import { Dependencies } from './task-dependencies.tsx'
import { TaskFields } from './task-fields.tsx'
import { TaskMenu } from './task-menu.tsx'
import { columnOf, isQueued, moveOf } from './task-moves.ts'
import { TaskLog, TaskRuns } from './task-record.tsx'
import styles from './task-sheet.module.css'
import { TaskText } from './task-text.tsx'
import type { Moving } from './use-moving.ts'

interface Props {
  id: string
  agents: readonly Agent[]
  epics: readonly Epic[]
  moving: Moving
  readOnly: string | null
  onClose: () => void
}

/** All of one task, beside the board. */
export function TaskSheet(props: Props) {
  const { id, onClose } = props
  const { data: task, error, refetch } = useTask(id)
  const sheet = useRef<HTMLElement>(null)
  useHotkeys([{ keys: 'Escape', label: 'Close the task', run: onClose }])
  useEffect(() => {
    sheet.current?.focus()
  }, [])
  return (
    <aside
      ref={sheet}
      className={styles.sheet}
      tabIndex={-1}
      aria-label={task ? `Task T-${task.number}` : 'Task'}
      data-task={id}
    >
      {error && !task && (
        <Problem
          title="The task could not be read"
          action={
            <>
              <Button small onClick={() => void refetch()}>
                Try again
              </Button>
              <Button small onClick={onClose}>
                Close
              </Button>
            </>
          }
        >
          {wordsOf(error)}
        </Problem>
      )}
      {!task && !error && <SkeletonRows rows={5} height={44} />}
      {task && <Whole {...props} task={task} />}
    </aside>
  )
}

function Whole({ task, agents, epics, moving, readOnly, onClose }: Props & { task: TaskWithLog }) {
  const { change } = useTaskActions()
  const live = task.status === 'running' || task.status === 'waiting' || isQueued(task)
  return (
    <>
      <Head task={task} moving={moving} readOnly={readOnly} onClose={onClose} />
      <div className={styles.body}>
        {readOnly && <p className={styles.reason}>{readOnly}</p>}
        <TaskText task={task} live={live} readOnly={readOnly} />
        <TaskFields
          values={task}
          agents={agents}
          epics={epics}
          disabled={readOnly !== null}
          {...(live && { fixed: 'Fixed while it runs' })}
          onChange={values => change.mutate({ id: task.id, ...values }, { onError: toastFailure })}
        />
        <Facts task={task} />
        <Dependencies key={task.id} task={task} readOnly={readOnly} />
        {(task.output ?? task.error) && (
          <section>
            <h3 className={styles.label}>{task.status === 'error' ? 'Why it failed' : 'Result'}</h3>
            <p className={styles.output}>
              <Said>{(task.status === 'error' ? task.error : task.output) ?? task.error ?? ''}</Said>
            </p>
          </section>
        )}
        <TaskRuns task={task} />
        <TaskLog task={task} />
      </div>
    </>
  )
}

function Head({
  task,
  moving,
  readOnly,
  onClose
}: Pick<Props, 'moving' | 'readOnly' | 'onClose'> & { task: TaskWithLog }) {
  const { title, tone } = columnOf(task.status)
  const narrow = useNarrow()
  const start = moveOf(task, 'running')
  const live = task.status === 'running' || task.status === 'waiting'
  const busy = moving.busy[task.id]
  return (
    <header className={styles.head}>
      <h2>T-{task.number}</h2>
      <Pill tone={tone}>{busy ?? (isQueued(task) ? 'Queued' : title)}</Pill>
      <span className={styles.gap} />
      {!readOnly && !busy && start.does === 'run' && (
        <Button small icon={Play} onClick={() => moving.move(task, 'running')}>
          {task.status === 'pending' ? 'Start' : 'Run again'}
        </Button>
      )}
      {!readOnly && !busy && live && (
        <Button small icon={Square} filled onClick={() => moving.move(task, 'pending')}>
          Stop
        </Button>
      )}
      {!readOnly && <TaskMenu task={task} moving={moving} onDeleted={onClose} />}
      {!narrow && <IconButton icon={X} label="Close" onClick={onClose} />}
    </header>
  )
}

function Facts({ task }: { task: TaskWithLog }) {
  const requester = useAgentsById([]).get(task.requesterId ?? '')
  const me = useMe()
  const who = useWho()
  const asked = requester?.name ?? (task.requesterId !== null && task.requesterId === me?.user.id ? who(me.name) : null)
  return (
    <dl className={styles.facts}>
      <div>
        <dt>Requester</dt>
        <dd>
          {task.requesterId === null ? 'Nobody is named' : asked === null ? 'Another person' : <Said>{asked}</Said>}
        </dd>
      </div>
      <div>
        <dt>Made</dt>
        <dd>
          <Ago ts={task.createdAt} ago />
        </dd>
      </div>
      <div>
        <dt>Cost</dt>
        <dd>{task.tokens === 0 ? '–' : `${money(task.costUsd)} · ${tokens(task.tokens)} tokens`}</dd>
      </div>
    </dl>
  )
}
