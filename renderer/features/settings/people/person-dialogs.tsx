import { useState } from 'react'
import { deleteUser, type User, email as validEmail } from '#contract/people/users'
import { call, fieldErrorsOf } from '../../../lib/call.ts'
import { isolated } from '../../../lib/visible.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { FormDialog } from '../../../ui/form-dialog.tsx'
import { toast } from '../../../ui/toast.tsx'
import { LoginList } from '../access/login-list.tsx'
import styles from './people.module.css'
import { EmailField, faultOfPassword, GivenPasswordField, NameField } from './person-fields.tsx'
import { useAskAgain, useChangePerson } from './queries.ts'

interface Props {
  person: User
  onClose: () => void
}

export function EditPerson({ person, onClose }: Props) {
  const change = useChangePerson()
  const [name, setName] = useState(person.name)
  const [email, setEmail] = useState(person.email)
  const [password, setPassword] = useState('')
  const [refused, setRefused] = useState<Record<string, string>>({})
  const wrong = name.trim() === '' || !validEmail.safeParse(email).success || faultOfPassword(password) !== undefined
  const submit = async () => {
    try {
      await change(person.id, { name, email, ...(password && { password }) })
      toast(password ? 'Saved. They were signed out everywhere.' : 'Saved')
    } catch (error) {
      setRefused(fieldErrorsOf(error))
      throw error
    }
  }
  return (
    <FormDialog
      title={`Edit ${isolated(person.name)}`}
      action="Save"
      disabled={wrong}
      quiet={error => 'email' in fieldErrorsOf(error)}
      onSubmit={submit}
      onClose={onClose}
    >
      <NameField value={name} onChange={setName} />
      <EmailField
        error={refused.email}
        value={email}
        onChange={value => {
          setRefused({})
          setEmail(value)
        }}
      />
      <GivenPasswordField
        label="New password"
        hint="For who forgot theirs. It ends their logins; left empty, theirs stays."
        value={password}
        onChange={setPassword}
      />
    </FormDialog>
  )
}

export function RemovePerson({ person, onClose }: Props) {
  const again = useAskAgain()
  return (
    <FormDialog
      title={`Remove ${isolated(person.name)}?`}
      action="Remove"
      danger
      onSubmit={async () => {
        await call(deleteUser, { params: { id: person.id } })
        await again()
      }}
      onClose={onClose}
    >
      <ul>
        <li>Their keys and logins stop at once.</li>
        <li>Their agents become yours, and go on.</li>
        <li>What they did stays in the audit log.</li>
      </ul>
      <p>This cannot be undone.</p>
    </FormDialog>
  )
}

export function LoginsOfPerson({ person, onClose }: Props) {
  return (
    <Dialog title={`Where ${isolated(person.name)} is signed in`} onClose={onClose}>
      <div className={styles.once}>
        <LoginList userId={person.id} />
        <div className={styles.done}>
          <Button onClick={onClose}>Close</Button>
        </div>
      </div>
    </Dialog>
  )
}
