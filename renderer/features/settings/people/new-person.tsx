import { useState } from 'react'
import { createUser, newPassword, type Role, type User, email as validEmail } from '#contract/people/users'
import { call, fieldErrorsOf } from '../../../lib/call.ts'
import { Button } from '../../../ui/button.tsx'
import { Copyable } from '../../../ui/copyable.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Field, Select, TextInput } from '../../../ui/field.tsx'
import { FormDialog } from '../../../ui/form-dialog.tsx'
import styles from './people.module.css'
import { useAskAgain } from './queries.ts'
import { givenBy, titleOfRole } from './roles.ts'

/** What a person needs who signs in for the first time. */
export interface Credentials {
  email: string
  password: string
}

interface Props {
  mine: User | null
  /** null: without a password there is nothing to tell. */
  onMade: (made: Credentials | null) => void
  onClose: () => void
}

export function NewPerson({ mine, onMade, onClose }: Props) {
  const again = useAskAgain()
  const [email, setEmail] = useState('')
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('member')
  const [password, setPassword] = useState('')
  const [refused, setRefused] = useState<Record<string, string>>({})
  const submit = async () => {
    try {
      await call(createUser, { body: { email, role, ...(name.trim() && { name }), ...(password && { password }) } })
      await again()
      onMade(password === '' ? null : { email, password })
    } catch (error) {
      setRefused(fieldErrorsOf(error))
      throw error
    }
  }
  return (
    <FormDialog
      title="Add a person"
      action="Add"
      disabled={!validEmail.safeParse(email).success || faultOfPassword(password) !== undefined}
      quiet={error => 'email' in fieldErrorsOf(error)}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label="Email" hint="They log in by it. Flotilla sends no mail." error={refused.email}>
        {control => (
          <TextInput
            {...control}
            type="email"
            autoComplete="off"
            maxLength={254}
            value={email}
            onChange={event => {
              setRefused({})
              setEmail(event.target.value.trim())
            }}
          />
        )}
      </Field>
      <Field label="Name" hint="Left empty: what stands before the @.">
        {control => (
          <TextInput
            {...control}
            autoComplete="off"
            maxLength={100}
            value={name}
            onChange={event => setName(event.target.value)}
          />
        )}
      </Field>
      <Field label="Role">
        {control => (
          <Select {...control} value={role} onChange={event => setRole(event.target.value as Role)}>
            {(mine ? givenBy(mine) : [role]).map(one => (
              <option key={one} value={one}>
                {titleOfRole(one)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <FirstPassword password={password} onChange={setPassword} />
    </FormDialog>
  )
}

function faultOfPassword(password: string): string | undefined {
  return password === '' ? undefined : newPassword.safeParse(password).error?.issues[0]?.message
}

function FirstPassword({ password, onChange }: { password: string; onChange: (password: string) => void }) {
  return (
    <>
      <Field
        label="First password"
        hint="They can change it under Settings, Access. Left empty they cannot log in yet."
        error={faultOfPassword(password)}
      >
        {control => (
          <TextInput
            {...control}
            mono
            autoComplete="off"
            spellCheck={false}
            maxLength={256}
            value={password}
            onChange={event => onChange(event.target.value)}
          />
        )}
      </Field>
      <div>
        <Button small onClick={() => onChange(randomPassword())}>
          Make one up
        </Button>
      </div>
    </>
  )
}

const letters = 'abcdefghjkmnpqrstuvwxyz23456789'

/** Twenty letters that are not taken for each other: some 99 bits. */
function randomPassword(): string {
  const bytes = crypto.getRandomValues(new Uint32Array(20))
  const text = Array.from(bytes, value => letters[value % letters.length]).join('')
  return text.match(/.{5}/g)?.join('-') ?? text
}

/** To be handed to the person in a way of one's own. */
export function HowToSignIn({ made, onClose }: { made: Credentials; onClose: () => void }) {
  return (
    <Dialog title="Tell them how to sign in" typed onClose={onClose}>
      <div className={styles.once}>
        <p>The password is shown only now. Send it in a way that you trust.</p>
        <Copyable
          label="how to sign in"
          text={`${location.origin}\nEmail: ${made.email}\nPassword: ${made.password}`}
        />
        <div className={styles.done}>
          <Button look="primary" onClick={onClose}>
            Done
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
