import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { confirmMfa, disableMfa, enrolMfa, type Me } from '#contract/people/login'
import type { User } from '#contract/people/users'
import { call, fieldErrorsOf, wordsOf } from '../../../lib/call.ts'
import { keys } from '../../../lib/query-keys.ts'
import { Button } from '../../../ui/button.tsx'
import { Copyable } from '../../../ui/copyable.tsx'
import { Field, TextInput } from '../../../ui/field.tsx'
import { Status } from '../../../ui/glyph.tsx'
import { toast } from '../../../ui/toast.tsx'
import styles from './access.module.css'
import { QrCode } from './qr-code.tsx'

/** Off, being turned on, or on. */
export function TwoSteps({ user }: { user: User }) {
  const enrol = useMutation({ mutationFn: () => call(enrolMfa, {}) })
  if (user.mfaEnabled) return <TurnOff />
  if (!user.hasPassword) return <p>Set a password first: without one there is no login by email to guard.</p>
  if (enrol.data) return <Enrolment {...enrol.data} onOver={enrol.reset} />
  return (
    <>
      <Status tone="idle">Off</Status>
      {enrol.error && (
        <p className={styles.fault} role="alert">
          {wordsOf(enrol.error)}
        </p>
      )}
      <Button disabled={enrol.isPending} onClick={() => enrol.mutate()}>
        Turn on
      </Button>
    </>
  )
}

interface EnrolmentProps {
  secret: string
  otpauthUrl: string
  recoveryCodes: readonly string[]
  onOver: () => void
}

/** Shown once, and gone from the page when it is over; it is on when a first code has confirmed that the phone has it. */
function Enrolment({ secret, otpauthUrl, recoveryCodes, onOver }: EnrolmentProps) {
  return (
    <ol className={styles.steps}>
      <li>
        <h3>Scan this with an authenticator app</h3>
        <QrCode text={otpauthUrl} label="The code to scan" />
        <p className={styles.note}>Or type the key into it:</p>
        <Copyable label="the key" text={secret} />
      </li>
      <li>
        <h3>Keep the recovery codes</h3>
        <p className={styles.note}>
          Each lets you in once when the phone is gone. They are shown only now; keep them apart from the password.
        </p>
        <Copyable label="the recovery codes" text={recoveryCodes.join('\n')} />
      </li>
      <li>
        <h3>Enter the code that the app shows</h3>
        <CodeForm
          action="Turn on"
          done="Two-step login is on."
          send={code => call(confirmMfa, { body: { code } })}
          digits
          onDone={onOver}
        >
          <Button onClick={onOver}>Cancel</Button>
        </CodeForm>
      </li>
    </ol>
  )
}

function TurnOff() {
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Status tone="done">On</Status>
      {asking ? (
        <CodeForm
          action="Turn off"
          done="Two-step login is off."
          send={code => call(disableMfa, { body: { code } })}
          danger
        >
          <Button onClick={() => setAsking(false)}>Cancel</Button>
        </CodeForm>
      ) : (
        <Button onClick={() => setAsking(true)}>Turn off</Button>
      )}
    </>
  )
}

interface CodeProps {
  action: string
  done: string
  danger?: boolean
  /** Of the authenticator; without it a recovery code will do too. */
  digits?: boolean
  send: (code: string) => Promise<Me>
  onDone?: () => void
  children: ReactNode
}

function CodeForm({ action, done, danger, digits, send, onDone, children }: CodeProps) {
  const queries = useQueryClient()
  const [code, setCode] = useState('')
  const sending = useMutation({
    mutationFn: () => send(code),
    onSuccess: me => {
      toast(done)
      queries.setQueryData(keys.me, me)
      onDone?.()
    }
  })
  const fault = fieldErrorsOf(sending.error).code
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (code.trim() !== '' && !sending.isPending) sending.mutate()
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <Field
        label="Code"
        hint={digits ? 'Six digits.' : 'Of the app, or a recovery code.'}
        error={fault && 'It is wrong, or was used before. The app shows a new one every 30 seconds.'}
      >
        {control => (
          <TextInput
            {...control}
            mono
            autoComplete="one-time-code"
            inputMode={digits ? 'numeric' : 'text'}
            maxLength={64}
            value={code}
            onChange={event => setCode(event.target.value)}
          />
        )}
      </Field>
      {sending.error && !fault && (
        <p className={styles.fault} role="alert">
          {wordsOf(sending.error)}
        </p>
      )}
      <div className={styles.buttons}>
        <Button type="submit" look={danger ? 'danger' : 'primary'} disabled={code.trim() === '' || sending.isPending}>
          {action}
        </Button>
        {children}
      </div>
    </form>
  )
}
