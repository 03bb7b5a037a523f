import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { changeMe } from '#contract/people/login'
import { newPassword } from '#contract/people/users'
import { call, fieldErrorsOf, wordsOf } from '../../../lib/call.ts'
import { keys } from '../../../lib/query-keys.ts'
import { Button } from '../../../ui/button.tsx'
import { Field, TextInput } from '../../../ui/field.tsx'
import { toast } from '../../../ui/toast.tsx'
import styles from './access.module.css'

/** `has`: there is one, which is asked for. `email`: for the browser, which keeps both together. */
export function PasswordForm({ has, email }: { has: boolean; email: string }) {
  const queries = useQueryClient()
  const [currentPassword, setCurrentPassword] = useState('')
  const [password, setPassword] = useState('')
  const [seen, setSeen] = useState(false)
  const short = password === '' ? undefined : newPassword.safeParse(password).error?.issues[0]?.message
  const save = useMutation({
    mutationFn: () => call(changeMe, { body: { password, ...(has && { currentPassword }) } }),
    onSuccess: me => {
      setCurrentPassword('')
      setPassword('')
      toast(has ? 'The password is changed. Your other logins ended.' : `You can log in by ${email} now.`)
      queries.setQueryData(keys.me, me)
    }
  })
  const faults = fieldErrorsOf(save.error)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (password !== '' && !short && !save.isPending) save.mutate()
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <input
        type="text"
        className="hidden-label"
        autoComplete="username"
        value={email}
        readOnly
        aria-label="Email"
        tabIndex={-1}
      />
      {has && (
        <Field label="Password of now" error={faults.currentPassword}>
          {control => (
            <TextInput
              {...control}
              type="password"
              autoComplete="current-password"
              maxLength={256}
              value={currentPassword}
              onChange={event => setCurrentPassword(event.target.value)}
            />
          )}
        </Field>
      )}
      <Field
        label="New password"
        hint="At least 8 characters; a long one is better than a strange one."
        error={short ?? faults.password}
      >
        {control => (
          <TextInput
            {...control}
            type={seen ? 'text' : 'password'}
            autoComplete="new-password"
            spellCheck={false}
            maxLength={256}
            value={password}
            onChange={event => setPassword(event.target.value)}
          />
        )}
      </Field>
      <Seen seen={seen} onChange={setSeen} />
      {save.error && Object.keys(faults).length === 0 && (
        <p className={styles.fault} role="alert">
          {wordsOf(save.error)}
        </p>
      )}
      <div>
        <Button
          type="submit"
          disabled={password === '' || short !== undefined || (has && currentPassword === '') || save.isPending}
        >
          {has ? 'Change the password' : 'Set a password'}
        </Button>
      </div>
    </form>
  )
}

function Seen({ seen, onChange }: { seen: boolean; onChange: (seen: boolean) => void }) {
  return (
    <label className={styles.seen}>
      <input type="checkbox" checked={seen} onChange={event => onChange(event.target.checked)} />
      Show what I type
    </label>
  )
}
