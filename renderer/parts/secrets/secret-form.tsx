import { useState } from 'react'
import type { Agent } from '#contract/fleet/agents'
import { canBeHidden, shortestHidden, whyNotHanded, whyReserved } from '#contract/fleet/handed-values'
import { type Secret, secretKey } from '#contract/fleet/secrets'
import { fieldErrorsOf } from '../../lib/call.ts'
import { isolated } from '../../lib/visible.ts'
import { Field, Select, TextArea, TextInput } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { toast } from '../../ui/toast.tsx'
import { useSecretDeeds } from './queries.ts'
import styles from './secrets.module.css'

interface Props {
  /** One that gets another value; without it a new one is made. */
  known?: Secret
  agents: readonly Agent[]
  /** Whose it becomes, where that is no question; with a key, only its value is one. */
  receiver?: { agent: Agent; key?: string }
  onClose: () => void
}

/** Why a key will not do, as it is typed; by the rules of the server. */
function faultOfKey(key: string): string | undefined {
  if (key === '') return undefined
  if (!secretKey.safeParse(key).success) return 'Upper case letters, digits and _, beginning with a letter'
  return whyReserved(key) ?? undefined
}

export function SecretForm({ known, agents, receiver, onClose }: Props) {
  const { set } = useSecretDeeds()
  const [key, setKey] = useState(known?.key ?? receiver?.key ?? '')
  const [agentId, setAgentId] = useState(known?.agentId ?? receiver?.agent.id ?? '')
  const [value, setValue] = useState('')
  const [seen, setSeen] = useState(false)
  const [refused, setRefused] = useState<Record<string, string>>({})
  const keyFault = faultOfKey(key) ?? refused.key
  const valueFault = value === '' ? undefined : (whyNotHanded(key || 'It', value) ?? refused.value)
  const submit = async () => {
    try {
      const warning = await set({ key, scope: agentId === '' ? 'org' : 'agent', agentId: agentId || null }, value)
      toast(warning ?? `${key} is set. Runs that start from now on get it.`)
    } catch (error) {
      setRefused(fieldErrorsOf(error))
      throw error
    }
  }
  return (
    <FormDialog
      title={
        known ? `Replace ${known.key}` : receiver ? `New secret of ${isolated(receiver.agent.name)}` : 'New secret'
      }
      action={known ? 'Replace' : 'Save'}
      disabled={key === '' || value === '' || keyFault !== undefined || valueFault !== undefined}
      quiet={error => Object.keys(fieldErrorsOf(error)).some(field => field === 'key' || field === 'value')}
      onSubmit={submit}
      onClose={onClose}
    >
      {!known && (
        <>
          <Field label="Key" hint="The name of the environment variable." error={keyFault}>
            {control => (
              <TextInput
                {...control}
                mono
                autoComplete="off"
                spellCheck={false}
                value={key}
                onChange={event => {
                  setRefused({})
                  setKey(event.target.value.toUpperCase().replaceAll(/[\s-]/g, '_'))
                }}
              />
            )}
          </Field>
          {!receiver && <Receiver agents={agents} agentId={agentId} onChange={setAgentId} />}
        </>
      )}
      {known && <p>The value of now is overwritten. It cannot be shown, and not be brought back.</p>}
      <Field label="Value" error={valueFault} hint={<ValueHint value={value} />}>
        {control => (
          <TextArea
            {...control}
            data-hidden={!seen || undefined}
            autoComplete="off"
            spellCheck={false}
            rows={2}
            value={value}
            onChange={event => {
              setRefused({})
              setValue(event.target.value)
            }}
          />
        )}
      </Field>
      <label className={styles.seen}>
        <input type="checkbox" checked={seen} onChange={event => setSeen(event.target.checked)} />
        Show what I type
      </label>
    </FormDialog>
  )
}

interface ReceiverProps {
  agents: readonly Agent[]
  /** Empty: the whole fleet. */
  agentId: string
  onChange: (agentId: string) => void
}

function Receiver({ agents, agentId, onChange }: ReceiverProps) {
  return (
    <Field label="Who gets it">
      {control => (
        <Select {...control} value={agentId} onChange={event => onChange(event.target.value)}>
          <option value="">Whole fleet</option>
          {agents.map(({ id, name }) => (
            <option key={id} value={id}>
              {isolated(name)}
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
}

function ValueHint({ value }: { value: string }) {
  if (value === '' || canBeHidden(value)) return 'Several lines are fine.'
  return (
    <span className={styles.warning}>
      Fewer than {shortestHidden} characters cannot be told from ordinary words: agents that print it will show it.
    </span>
  )
}
