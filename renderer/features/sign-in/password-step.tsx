import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { login } from '#contract/people/login'
import { call, wordsOf } from '../../lib/call.ts'
import { Button } from '../../ui/button.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import styles from './sign-in-page.module.css'

interface Props {
  email: string
  onEmail: (email: string) => void
  onEnter: () => void
  /** The password was right; the code of a phone must follow, with this token. */
  onCodeNeeded: (mfaToken: string) => void
}

export function PasswordStep({ email, onEmail, onEnter, onCodeNeeded }: Props) {
  const [password, setPassword] = useState('')
  const [seen, setSeen] = useState(false)
  const entering = useMutation({
    mutationFn: () => call(login, { body: { email, password } }),
    onSuccess: answer => (answer.mfaRequired ? onCodeNeeded(answer.mfaToken) : onEnter())
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (email.trim() !== '' && password !== '' && !entering.isPending) entering.mutate()
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <h1>Sign in</h1>
      <Field label="Email">
        {control => (
          <TextInput
            {...control}
            type="email"
            autoComplete="username"
            maxLength={254}
            value={email}
            onChange={event => onEmail(event.target.value)}
          />
        )}
      </Field>
      <Field label="Password">
        {control => (
          <TextInput
            {...control}
            type={seen ? 'text' : 'password'}
            autoComplete="current-password"
            maxLength={256}
            value={password}
            onChange={event => setPassword(event.target.value)}
          />
        )}
      </Field>
      <label className={styles.seen}>
        <input type="checkbox" checked={seen} onChange={event => setSeen(event.target.checked)} />
        Show what I type
      </label>
      {entering.error && (
        <p className={styles.fault} role="alert">
          {wordsOf(entering.error)}
        </p>
      )}
      <Button type="submit" look="primary" disabled={email.trim() === '' || password === '' || entering.isPending}>
        Sign in
      </Button>
    </form>
  )
}
