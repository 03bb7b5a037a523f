import { ArrowRight, Ellipsis, ExternalLink, Play, Square, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { Task } from '#contract/work/tasks'
import { isolated } from '../../lib/visible.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { toastFailure } from '../../ui/toast.tsx'
import styles from './epics.module.css'
import { useTaskActions } from './queries.ts'
import { columns, isQueued, moveOf } from './task-moves.ts'
import type { Moving } from './use-moving.ts'

const icons = { run: Play, stop: Square, mark: ArrowRight }

interface Props {
  task: Task
  moving: Moving
  onDeleted?: () => void
}

/** Where a task can go, in words; the same that dragging does. */
export function TaskMenu({ task, moving, onDeleted }: Props) {
  const [, navigate] = useLocation()
  const [deleting, setDeleting] = useState(false)
  const live = task.status === 'running' || task.status === 'waiting' || isQueued(task)
  return (
    <>
      <Menu align="end" trigger={<IconButton icon={Ellipsis} label={`Actions of T-${task.number}`} tabIndex={0} />}>
        {columns.map(({ status, title }) => {
          const { does, words } = moveOf(task, status)
          if (does === 'nothing') return null
          return (
            <MenuItem key={status} icon={icons[does]} note={words} onSelect={() => moving.move(task, status)}>
              Move to {title}
            </MenuItem>
          )
        })}
        {task.runId && (
          <MenuItem icon={ExternalLink} onSelect={() => navigate(`/runs/${task.runId}`)}>
            Open its run
          </MenuItem>
        )}
        {!live && (
          <MenuItem icon={Trash2} onSelect={() => setDeleting(true)}>
            Delete…
          </MenuItem>
        )}
      </Menu>
      {deleting && <DeleteTask task={task} onClose={() => setDeleting(false)} onDeleted={onDeleted} />}
    </>
  )
}

function DeleteTask({ task, onClose, onDeleted }: Pick<Props, 'task' | 'onDeleted'> & { onClose: () => void }) {
  const { remove } = useTaskActions()
  const go = () => {
    onClose()
    remove.mutate(task.id, { onSuccess: onDeleted, onError: toastFailure })
  }
  return (
    <Dialog title={`Delete T-${task.number}`} onClose={onClose}>
      <div className={styles.form}>
        <p>{isolated(task.title)} goes for good, with its log. Its runs stay.</p>
        <div className={styles.buttons}>
          <Button autoFocus onClick={onClose}>
            Keep it
          </Button>
          <Button look="danger" onClick={go}>
            Delete task
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
