import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { verifyMfa } from '#contract/people/login'
import { call, wordsOf } from '../../lib/call.ts'
import { Button } from '../../ui/button.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import styles from './sign-in-page.module.css'

interface Props {
  mfaToken: string
  onEnter: () => void
  onBack: () => void
}

const digits = 6

/** A code of the phone, sent as soon as it is whole; or one that was kept for the day when the phone is gone. */
export function CodeStep({ mfaToken, onEnter, onBack }: Props) {
  const [recovers, setRecovers] = useState(false)
  const [code, setCode] = useState('')
  const verifying = useMutation({
    mutationFn: (typed: string) => call(verifyMfa, { body: { mfaToken, code: typed } }),
    onSuccess: onEnter,
    // A code is good once: the next try begins with an empty field, one that was written down is mended.
    onError: () => !recovers && setCode('')
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (code.trim() !== '' && !verifying.isPending) verifying.mutate(code)
  }
  const type = (text: string) => {
    const typed = text.replace(/\D/g, '').slice(0, digits)
    setCode(typed)
    if (typed.length === digits && !verifying.isPending) verifying.mutate(typed)
  }
  const change = () => {
    setRecovers(!recovers)
    setCode('')
    verifying.reset()
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <div>
        <h1>{recovers ? 'Enter a recovery code' : 'Enter your code'}</h1>
        <p>{recovers ? 'One of the ten that you kept; each works once.' : 'Six digits from your authenticator app.'}</p>
      </div>
      {recovers ? (
        <Field label="Recovery code" hideLabel>
          {control => (
            <TextInput
              {...control}
              mono
              autoComplete="off"
              spellCheck={false}
              maxLength={64}
              autoFocus
              value={code}
              onChange={event => setCode(event.target.value)}
            />
          )}
        </Field>
      ) : (
        <SixCells code={code} onType={type} />
      )}
      {verifying.error && (
        <p className={styles.fault} role="alert">
          {wordsOf(verifying.error)}
        </p>
      )}
      <Button type="submit" look="primary" disabled={code.trim() === '' || verifying.isPending}>
        Verify
      </Button>
      <div className={styles.ways}>
        <button type="button" className={styles.way} onClick={change}>
          {recovers ? 'Use the app' : 'Use a recovery code'}
        </button>
        <button type="button" className={styles.way} onClick={onBack}>
          Back
        </button>
      </div>
    </form>
  )
}

/** One real field, drawn as six: paste and password managers work. */
function SixCells({ code, onType }: { code: string; onType: (text: string) => void }) {
  return (
    <div className={styles.cells}>
      <input
        aria-label="Code"
        inputMode="numeric"
        autoComplete="one-time-code"
        // biome-ignore lint/a11y/noAutofocus: the step before had the focus
        autoFocus
        value={code}
        onChange={event => onType(event.target.value)}
      />
      {Array.from({ length: digits }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: cells have no other name
        <span key={at} data-next={at === Math.min(code.length, digits - 1) || undefined} aria-hidden>
          {code[at]}
        </span>
      ))}
    </div>
  )
}
