import { Archive, Copy, Play, Trash2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useLocation } from 'wouter'
import type { Flow } from '#contract/work/flows'
import { isolated } from '../../lib/visible.ts'
import { whyNotNow } from '../../parts/flows/flow-words.ts'
import { useFlowActions } from '../../parts/flows/flows.ts'
import { Field, TextArea } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { toast, toastFailure } from '../../ui/toast.tsx'

interface Props {
  flow: Flow
  trigger: ReactNode
  onDeleted: () => void
}

const undoMs = 10_000

/** What is done to a flow now and then. */
export function FlowMenu({ flow, trigger, onDeleted }: Props) {
  const { change } = useFlowActions()
  const [, navigate] = useLocation()
  const [open, setOpen] = useState<'run' | 'delete' | null>(null)
  const set = (status: 'archived' | 'active' | 'paused', done?: () => void) =>
    change.mutate({ id: flow.id, status }, { onSuccess: done, onError: toastFailure })
  const before = flow.status === 'active' ? 'active' : 'paused'
  const archived = () =>
    toast(`Archived ${isolated(flow.title)}`, 'done', {
      label: 'Undo',
      keys: 'mod+z',
      forMs: undoMs,
      run: () => set(before)
    })
  return (
    <>
      <Menu align="end" trigger={trigger}>
        {Object.keys(flow.variables).length > 0 && whyNotNow(flow) === null && (
          <MenuItem icon={Play} note="For this run only." onSelect={() => setOpen('run')}>
            Run with other values
          </MenuItem>
        )}
        <MenuItem
          icon={Copy}
          note="A new flow with the same settings."
          onSelect={() => navigate(`/flows/new?from=${flow.id}`)}
        >
          Duplicate
        </MenuItem>
        {flow.status !== 'archived' && (
          <MenuItem
            icon={Archive}
            note="It starts nothing and leaves the list. Its history stays."
            onSelect={() => set('archived', archived)}
          >
            Archive
          </MenuItem>
        )}
        <MenuItem icon={Trash2} note="With its history. Its runs stay." onSelect={() => setOpen('delete')}>
          Delete
        </MenuItem>
      </Menu>
      {open === 'run' && <RunWith flow={flow} onClose={() => setOpen(null)} />}
      {open === 'delete' && <DeleteFlow flow={flow} onDeleted={onDeleted} onClose={() => setOpen(null)} />}
    </>
  )
}

/** In place of what the flow says of its variables. */
function RunWith({ flow, onClose }: { flow: Flow; onClose: () => void }) {
  const { start } = useFlowActions()
  const [values, setValues] = useState(flow.variables)
  return (
    <FormDialog
      title={`Run ${isolated(flow.title)}`}
      action="Run now"
      onSubmit={() => start.mutateAsync({ id: flow.id, variables: values })}
      onClose={onClose}
    >
      {Object.entries(values).map(([name, value]) => (
        <Field key={name} label={<code>{name}</code>}>
          {control => (
            <TextArea
              {...control}
              rows={1}
              maxLength={65_536}
              value={value}
              onChange={event => setValues({ ...values, [name]: event.target.value })}
            />
          )}
        </Field>
      ))}
    </FormDialog>
  )
}

function DeleteFlow({ flow, onDeleted, onClose }: { flow: Flow; onDeleted: () => void; onClose: () => void }) {
  const { remove } = useFlowActions()
  const webhooks = flow.triggers.filter(({ type }) => type === 'webhook').length
  return (
    <FormDialog
      title={`Delete ${isolated(flow.title)}?`}
      action="Delete"
      danger
      onSubmit={() => remove.mutateAsync(flow.id).then(onDeleted)}
      onClose={onClose}
    >
      <p>
        It goes with the history of when it was to start; that cannot be brought back. Its runs stay among all others.
        What waits for an answer or its turn is skipped.
      </p>
      {webhooks > 0 && <p>The address of its webhook takes no message any more.</p>}
      <p>A flow that starts after it does not start by that any more, and says so.</p>
    </FormDialog>
  )
}
