import { useState } from 'react'
import type { Agent } from '#contract/fleet/agents'
import type { Task } from '#contract/work/tasks'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Select } from '../../ui/field.tsx'
import styles from './epics.module.css'

interface Props {
  task: Task
  agents: readonly Agent[]
  onStart: (agentId: string) => void
  onClose: () => void
}

/** A task that shall run needs somebody to do it. */
export function AssignDialog({ task, agents, onStart, onClose }: Props) {
  const able = agents.filter(one => one.status !== 'archived' && one.status !== 'paused')
  const [id, setId] = useState(able[0]?.id ?? '')
  return (
    <Dialog title={`Who does T-${task.number}?`} onClose={onClose}>
      <div className={styles.form}>
        {able.length === 0 ? (
          <p>No agent takes work now. Make one, or start one that is paused.</p>
        ) : (
          <Field label="Assignee">
            {control => (
              <Select {...control} value={id} onChange={event => setId(event.target.value)}>
                {able.map(one => (
                  <option key={one.id} value={one.id}>
                    {one.name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        )}
        <div className={styles.buttons}>
          <Button onClick={onClose}>Cancel</Button>
          {id !== '' && (
            <Button
              look="primary"
              onClick={() => {
                onClose()
                onStart(id)
              }}
            >
              Assign and start
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  )
}
