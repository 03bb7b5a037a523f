import { type FormEvent, useRef, useState } from 'react'
import type { Agent } from '#contract/fleet/agents'
import { fieldErrorsOf, wordsOf } from '../../lib/call.ts'
import { useHotkeys } from '../../lib/hotkeys.ts'
import { randomId } from '../../lib/random-id.ts'
import { remember, remembered } from '../../lib/storage.ts'
import { isolated } from '../../lib/visible.ts'
import { Button } from '../../ui/button.tsx'
import { Field, Select, TextArea } from '../../ui/field.tsx'
import { Panel } from '../../ui/panel.tsx'
import { draftOf, keepDraft } from './message-drafts.ts'
import styles from './messages.module.css'
import { useSend } from './queries.ts'

const nothing = { to: '', text: '' }

interface Props {
  agents: readonly Agent[]
  /** Whom it is for, where that is no question. */
  receiver: Agent | null
  readOnly: string | null
  onClose: () => void
}

/** A message to an agent or to everybody. What is typed survives leaving and a reload. */
export function ComposeMessage({ agents, receiver, readOnly, onClose }: Props) {
  const [draft, setDraft] = useState(() =>
    receiver ? { to: receiver.id, text: draftOf(receiver.id) } : remembered('message', nothing)
  )
  const keep = (next: typeof nothing) => (receiver ? keepDraft(receiver.id, next.text) : remember('message', next))
  const [missing, setMissing] = useState(false)
  const send = useSend()
  const field = useRef<HTMLTextAreaElement>(null)
  const key = useRef({ body: '', key: '' })
  const faults: Record<string, string> = { ...fieldErrorsOf(send.error), ...(missing && { text: 'Write something' }) }
  const set = (change: Partial<typeof draft>) => {
    const next = { ...draft, ...change }
    setMissing(false)
    setDraft(next)
    keep(next)
  }
  const submit = (event?: FormEvent) => {
    event?.preventDefault()
    if (readOnly || send.isPending) return
    if (draft.text.trim() === '') {
      setMissing(true)
      field.current?.focus()
      return
    }
    const body = { to: draft.to || null, text: draft.text }
    const same = JSON.stringify(body)
    if (key.current.body !== same) key.current = { body: same, key: randomId() }
    const onSuccess = () => {
      keep(nothing)
      onClose()
    }
    send.mutate({ ...body, key: key.current.key }, { onSuccess })
  }
  useHotkeys([{ keys: 'mod+Enter', label: 'Send', inFields: true, run: () => submit() }])
  return (
    <Panel
      label="Message"
      title={receiver ? `Send a message to ${isolated(receiver.name)}` : 'Send a message'}
      onClose={onClose}
    >
      <form className={styles.form} onSubmit={submit}>
        {readOnly && <p className={styles.quiet}>{readOnly}</p>}
        {!receiver && <ToField agents={agents} to={draft.to} fault={faults.to} onChange={to => set({ to })} />}
        <Field label="Text" error={faults.text}>
          {control => (
            <TextArea
              {...control}
              ref={field}
              autoFocus
              rows={5}
              maxLength={100_000}
              value={draft.text}
              onChange={event => set({ text: event.target.value })}
            />
          )}
        </Field>
        {send.isError && Object.keys(faults).length === 0 && (
          <p role="alert" className={styles.fault}>
            {wordsOf(send.error)}
          </p>
        )}
        <div className={styles.buttons}>
          <Button look="primary" type="submit" hotkey="mod+Enter" disabled={send.isPending || readOnly !== null}>
            Send
          </Button>
        </div>
      </form>
    </Panel>
  )
}

interface ToProps {
  agents: readonly Agent[]
  /** Empty: everybody. */
  to: string
  fault: string | undefined
  onChange: (to: string) => void
}

function ToField({ agents, to, fault, onChange }: ToProps) {
  return (
    <Field label="To" error={fault}>
      {control => (
        <Select {...control} value={to} onChange={event => onChange(event.target.value)}>
          <option value="">Everybody</option>
          {agents.map(one => (
            <option key={one.id} value={one.id}>
              {isolated(one.name)}
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
}
