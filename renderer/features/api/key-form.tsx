import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { createKey, type KeyScope } from '#contract/people/keys'
import { call } from '../../lib/call.ts'
import { keys } from '../../lib/query-keys.ts'
import { useSystem } from '../../parts/system.ts'
import { useMe } from '../../parts/who.ts'
import { Button } from '../../ui/button.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Select, TextInput } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import styles from './api.module.css'

const scopeWords: Record<KeyScope, string> = {
  read: 'Read: see what there is',
  write: 'Write: launch, answer, change',
  admin: 'Admin: people, keys of others, data',
  runner: 'Runner: connect a runner'
}
const lives = [
  { days: '', words: 'Never' },
  { days: '7', words: 'In 7 days' },
  { days: '30', words: 'In 30 days' },
  { days: '90', words: 'In 90 days' },
  { days: '365', words: 'In a year' }
]
const dayMs = 86_400_000

export function KeyForm({ onMade, onClose }: { onMade: (key: string) => void; onClose: () => void }) {
  const queries = useQueryClient()
  const known = useSystem().data?.keyStyles ?? []
  const offered = useMe()?.scopes ?? ['read']
  const [name, setName] = useState('')
  const [style, setStyle] = useState('flotilla')
  const [scopes, setScopes] = useState<readonly KeyScope[]>(['read'])
  const [days, setDays] = useState('')
  const toggle = (scope: KeyScope) =>
    setScopes(scopes.includes(scope) ? scopes.filter(one => one !== scope) : [...scopes, scope])
  const submit = async () => {
    const expiresAt = days === '' ? undefined : new Date(Date.now() + Number(days) * dayMs).toISOString()
    const { key } = await call(createKey, { body: { name, style, scopes: [...scopes], expiresAt } })
    await queries.invalidateQueries({ queryKey: keys.apiKeys })
    onMade(key)
  }
  return (
    <FormDialog
      title="New key"
      action="Make the key"
      disabled={name.trim() === '' || scopes.length === 0}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label="Name" hint="What will use it.">
        {control => (
          <TextInput
            {...control}
            maxLength={100}
            autoComplete="off"
            value={name}
            onChange={event => setName(event.target.value)}
          />
        )}
      </Field>
      <fieldset className={styles.scopes}>
        <legend>What it may do</legend>
        {offered.map(scope => (
          <label key={scope}>
            <input type="checkbox" checked={scopes.includes(scope)} onChange={() => toggle(scope)} />
            {scopeWords[scope]}
          </label>
        ))}
      </fieldset>
      <Field label="Ends">
        {control => (
          <Select {...control} value={days} onChange={event => setDays(event.target.value)}>
            {lives.map(life => (
              <option key={life.days} value={life.days}>
                {life.words}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Begins with" hint="As the client expects it. Any key opens any base URL.">
        {control => (
          <Select {...control} value={style} onChange={event => setStyle(event.target.value)}>
            {known.map(one => (
              <option key={one.name} value={one.name}>
                {one.prefix}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </FormDialog>
  )
}

/** The key, this once. */
export function KeyOnce({ made, onClose }: { made: string; onClose: () => void }) {
  return (
    <Dialog title="Copy the key now" typed onClose={onClose}>
      <div className={styles.once}>
        <p>It is shown only now. Its hash alone is kept: a key that is lost is revoked and made anew.</p>
        <Copyable label="the key" text={made} />
        <div className={styles.done}>
          <Button look="primary" onClick={onClose}>
            Done
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
