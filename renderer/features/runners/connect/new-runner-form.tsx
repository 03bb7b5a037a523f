import { type FormEvent, useState } from 'react'
import { wordsOf } from '../../../lib/call.ts'
import { useSystem } from '../../../parts/system.ts'
import { Button } from '../../../ui/button.tsx'
import { Field, Select, TextArea, TextInput } from '../../../ui/field.tsx'
import { Said } from '../../../ui/said.tsx'
import styles from './connect.module.css'
import { addressesFor, faultOfDirs, isLoop, type NewRunner, readDirs } from './connect-command.ts'
import { Step } from './step.tsx'

interface Props {
  made: NewRunner | null
  onSubmit: (runner: NewRunner) => Promise<void>
  onStartOver: () => void
}

/** What it is called and where agents may work there. What was typed stays when it begins anew. */
export function NewRunnerForm({ made, onSubmit, onStartOver }: Props) {
  const [name, setName] = useState('')
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState('')
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<unknown>(null)
  const addresses = addressesFor(location.origin, useSystem().data?.addresses ?? [])
  const address = addresses.includes(chosen) ? chosen : (addresses[0] ?? location.origin)
  const dirs = readDirs(typed)
  const wrong = faultOfDirs(dirs)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy || name.trim() === '' || wrong !== undefined) return
    setBusy(true)
    setFault(null)
    await onSubmit({ name: name.trim(), dirs, address }).catch(setFault)
    setBusy(false)
  }
  if (made)
    return (
      <Step number={1} title="What it is called" state="done">
        <p>
          <b>
            <Said>{made.name}</Said>
          </b>
          , {made.dirs.length === 0 ? 'private folders only' : <Said>{made.dirs.join(', ')}</Said>}
        </p>
        <Button small onClick={onStartOver}>
          Start over
        </Button>
        <p className={styles.note}>Its pairing code is void then, and so is the key of a runner that used it.</p>
      </Step>
    )
  return (
    <Step number={1} title="What it is called" state="current">
      <form className={styles.form} onSubmit={event => void submit(event)}>
        <Field label="Name">
          {control => (
            <TextInput
              {...control}
              maxLength={90}
              autoComplete="off"
              placeholder="studio-2"
              value={name}
              onChange={event => setName(event.target.value)}
            />
          )}
        </Field>
        <Field
          label="Folders where agents may work"
          hint="On the other machine, one a line. None: private folders only."
          error={wrong}
        >
          {control => (
            <TextArea
              {...control}
              rows={2}
              spellCheck={false}
              value={typed}
              onChange={event => setTyped(event.target.value)}
            />
          )}
        </Field>
        <AddressField addresses={addresses} chosen={address} onChoose={setChosen} />
        {fault !== null && (
          <p className={styles.fault} role="alert">
            {wordsOf(fault)}
          </p>
        )}
        <div>
          <Button type="submit" look="primary" disabled={busy || name.trim() === '' || wrong !== undefined}>
            Make its command
          </Button>
        </div>
      </form>
    </Step>
  )
}

interface AddressProps {
  addresses: readonly string[]
  chosen: string
  onChoose: (address: string) => void
}

/** Only where there is something to choose from. */
function AddressField({ addresses, chosen, onChoose }: AddressProps) {
  if (addresses.length < 2) return null
  return (
    <Field label="How it reaches this computer" hint="Try another one where this one does not answer there.">
      {control => (
        <Select {...control} value={chosen} onChange={event => onChoose(event.target.value)}>
          {addresses.map(one => (
            <option key={one} value={one}>
              {isLoop(one) ? `${one}, through a tunnel` : one}
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
}
