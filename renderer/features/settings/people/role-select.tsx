import { useState } from 'react'
import type { Role, User } from '#contract/people/users'
import { isolated } from '../../../lib/visible.ts'
import { Select } from '../../../ui/field.tsx'
import { toast, toastFailure } from '../../../ui/toast.tsx'
import styles from './people.module.css'
import { useChangePerson } from './queries.ts'
import { givenBy, titleOfRole, whyFixed } from './roles.ts'

const undoMs = 10_000

/** Changed at once, with a way back. */
export function RoleSelect({ person, me, all }: { person: User; me: User; all: readonly User[] }) {
  const change = useChangePerson()
  const [wanted, setWanted] = useState<Role | null>(null)
  const fixed = whyFixed(person, me, all)
  if (fixed !== null)
    return (
      <>
        {titleOfRole(person.role)}
        <span className={styles.why}>{fixed}</span>
      </>
    )
  const give = async (role: Role) => {
    setWanted(role)
    await change(person.id, { role }).catch(toastFailure)
    setWanted(null)
  }
  const choose = async (role: Role) => {
    const { role: before } = person
    await give(role)
    const words = `${isolated(person.name)} is ${titleOfRole(role).toLowerCase()} now, and was signed out everywhere.`
    toast(words, 'done', { label: 'Undo', keys: 'mod+z', forMs: undoMs, run: () => void give(before) })
  }
  return (
    <span className={styles.role}>
      <Select
        aria-label={`Role of ${isolated(person.name)}`}
        value={wanted ?? person.role}
        disabled={wanted !== null}
        onChange={event => void choose(event.target.value as Role)}
      >
        {givenBy(me).map(role => (
          <option key={role} value={role}>
            {titleOfRole(role)}
          </option>
        ))}
      </Select>
    </span>
  )
}
