import { useState } from 'react'
import { createUser, type Role, type User, email as validEmail } from '#contract/people/users'
import { call, fieldErrorsOf } from '../../../lib/call.ts'
import { Button } from '../../../ui/button.tsx'
import { Copyable } from '../../../ui/copyable.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Field, Select } from '../../../ui/field.tsx'
import { FormDialog } from '../../../ui/form-dialog.tsx'
import styles from './people.module.css'
import { EmailField, faultOfPassword, GivenPasswordField, NameField } from './person-fields.tsx'
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
      <EmailField
        hint="They log in by it. Flotilla sends no mail."
        error={refused.email}
        value={email}
        onChange={value => {
          setRefused({})
          setEmail(value)
        }}
      />
      <NameField hint="Left empty: what stands before the @." value={name} onChange={setName} />
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

function FirstPassword({ password, onChange }: { password: string; onChange: (password: string) => void }) {
  return (
    <>
      <GivenPasswordField
        label="First password"
        hint="They can change it under Settings, Access. Left empty they cannot log in yet."
        value={password}
        onChange={onChange}
      />
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
