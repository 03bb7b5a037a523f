import { ListChecks, Play, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Epic, Task } from '#contract/work/tasks'
import { taskPriorities } from '#contract/work/tasks'
import { wordsOf } from '../../lib/call.ts'
import { count } from '../../lib/format.ts'
import { isolated } from '../../lib/visible.ts'
import { useAgents } from '../../parts/agents.ts'
import { Button } from '../../ui/button.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { SelectionBar } from '../../ui/selection-bar.tsx'
import { toast } from '../../ui/toast.tsx'
import { type TaskPatch, useTasksTogether } from './queries.ts'
import { priorityTitles } from './task-filters.ts'
import { isQueued, moveOf } from './task-moves.ts'

interface Props {
  tasks: readonly Task[]
  epics: readonly Epic[]
  onClear: () => void
}

const undoMs = 10_000

/** What can be done to several tasks at once. */
export function SelectedTasks({ tasks, epics, onClear }: Props) {
  const { busy, run, together } = useBulk(onClear)
  const [deleting, setDeleting] = useState(false)
  const startable = tasks.filter(task => moveOf(task, 'running').does === 'run' && task.assigneeId !== null)
  const still = tasks.filter(task => !isQueued(task) && task.status !== 'running' && task.status !== 'waiting')
  return (
    <SelectionBar label="Selected tasks" count={tasks.length} onClear={onClear}>
      {startable.length > 0 && (
        <Button
          icon={Play}
          disabled={busy}
          onClick={() => void run(`${count(startable.length, 'task')} started`, () => together.start(startable))}
        >
          Start {startable.length}
        </Button>
      )}
      <Fields
        epics={epics}
        disabled={busy}
        onChange={(words, body, before) =>
          void run(
            `${count(tasks.length, 'task')} ${words}`,
            () => together.change(tasks, () => body),
            () => together.change(tasks, before)
          )
        }
      />
      {still.length > 0 && (
        <Button look="danger" icon={Trash2} disabled={busy} onClick={() => setDeleting(true)}>
          Delete {still.length}…
        </Button>
      )}
      {deleting && (
        <FormDialog
          title={`Delete ${count(still.length, 'task')}?`}
          action="Delete"
          danger
          onSubmit={() => run(`${count(still.length, 'task')} deleted`, () => together.remove(still))}
          onClose={() => setDeleting(false)}
        >
          <p>Their texts and logs are gone for good. Their runs stay.</p>
        </FormDialog>
      )}
    </SelectionBar>
  )
}

/** What fails for one does not hold up the others, and is told. */
function useBulk(onDone: () => void) {
  const together = useTasksTogether()
  const [busy, setBusy] = useState(false)
  const run = async (words: string, work: () => Promise<readonly unknown[]>, undo?: () => Promise<unknown>) => {
    setBusy(true)
    const faults = await work()
    setBusy(false)
    if (faults.length > 0) return toast(`${count(faults.length, 'task')} not changed: ${wordsOf(faults[0])}`, 'failed')
    toast(words, 'done', undo ? { label: 'Undo', keys: 'mod+z', forMs: undoMs, run: () => void undo() } : null)
    onDone()
  }
  return { busy, run, together }
}

interface FieldsProps {
  epics: readonly Epic[]
  disabled: boolean
  /** `before`: what each had, to put it back. */
  onChange: (words: string, body: TaskPatch, before: (task: Task) => TaskPatch) => void
}

function Fields({ epics, disabled, onChange }: FieldsProps) {
  const agents = (useAgents().data ?? []).map(({ id, name }) => ({ id, title: isolated(name) }))
  const epicOptions = epics.map(epic => ({ id: epic.id, title: isolated(epic.title) }))
  const priorities = taskPriorities.toReversed().map(id => ({ id, title: priorityTitles[id] }))
  const title = (options: readonly { id: string; title: string }[], id: string | null, none: string) =>
    options.find(one => one.id === id)?.title ?? none
  return (
    <>
      <Choose
        title="Assign"
        none="Nobody"
        options={agents}
        disabled={disabled}
        onChoose={assigneeId =>
          onChange(`assigned to ${title(agents, assigneeId, 'nobody')}`, { assigneeId }, task => ({
            assigneeId: task.assigneeId
          }))
        }
      />
      <Choose
        title="Priority"
        options={priorities}
        disabled={disabled}
        onChoose={id => {
          const priority = taskPriorities.find(one => one === id)
          if (priority)
            onChange(`set to ${priorityTitles[priority]}`, { priority }, task => ({ priority: task.priority }))
        }}
      />
      <Choose
        title="Epic"
        none="No epic"
        options={epicOptions}
        disabled={disabled}
        onChoose={epicId =>
          onChange(`moved to ${title(epicOptions, epicId, 'no epic')}`, { epicId }, task => ({ epicId: task.epicId }))
        }
      />
    </>
  )
}

interface ChooseProps {
  title: string
  /** For none of them; without it one must be chosen. */
  none?: string
  options: readonly { id: string; title: string }[]
  disabled: boolean
  onChoose: (id: string | null) => void
}

function Choose({ title, none, options, disabled, onChoose }: ChooseProps) {
  return (
    <Menu
      trigger={
        <Button icon={ListChecks} disabled={disabled}>
          {title}
        </Button>
      }
    >
      {none !== undefined && <MenuItem onSelect={() => onChoose(null)}>{none}</MenuItem>}
      {options.map(one => (
        <MenuItem key={one.id} onSelect={() => onChoose(one.id)}>
          {one.title}
        </MenuItem>
      ))}
    </Menu>
  )
}
