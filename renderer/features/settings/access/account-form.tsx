import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { changeMe } from '#contract/people/login'
import { type User, email as validEmail } from '#contract/people/users'
import { call, fieldErrorsOf, wordsOf } from '../../../lib/call.ts'
import { keys } from '../../../lib/query-keys.ts'
import { Button } from '../../../ui/button.tsx'
import { Field, TextInput } from '../../../ui/field.tsx'
import { toast } from '../../../ui/toast.tsx'
import styles from './access.module.css'

export function AccountForm({ user }: { user: User }) {
  const queries = useQueryClient()
  const [name, setName] = useState(user.name)
  const [email, setEmail] = useState(user.email)
  const [currentPassword, setCurrentPassword] = useState('')
  const movesEmail = email !== user.email
  const needsPassword = movesEmail && user.hasPassword
  const changed = name.trim() !== user.name || movesEmail
  const wrong = name.trim() === '' || !validEmail.safeParse(email).success || (needsPassword && currentPassword === '')
  const save = useMutation({
    mutationFn: () =>
      call(changeMe, { body: { name, ...(movesEmail && { email }), ...(needsPassword && { currentPassword }) } }),
    onSuccess: me => {
      toast('Saved')
      queries.setQueryData(keys.me, me)
    }
  })
  const faults = fieldErrorsOf(save.error)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (changed && !wrong && !save.isPending) save.mutate()
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <Field label="Name" error={faults.name}>
        {control => (
          <TextInput
            {...control}
            autoComplete="name"
            maxLength={100}
            value={name}
            onChange={event => setName(event.target.value)}
          />
        )}
      </Field>
      <Field label="Email" error={faults.email}>
        {control => (
          <TextInput
            {...control}
            type="email"
            autoComplete="username"
            maxLength={254}
            value={email}
            onChange={event => setEmail(event.target.value.trim())}
          />
        )}
      </Field>
      {needsPassword && (
        <Field label="Password" hint="Asked for before the email changes." error={faults.currentPassword}>
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
      {save.error && Object.keys(faults).length === 0 && (
        <p className={styles.fault} role="alert">
          {wordsOf(save.error)}
        </p>
      )}
      <div>
        <Button type="submit" disabled={!changed || wrong || save.isPending}>
          Save
        </Button>
      </div>
    </form>
  )
}
