import { Ellipsis, MonitorSmartphone, Pencil, UserMinus } from 'lucide-react'
import type { User } from '#contract/people/users'
import { isolated } from '../../../lib/visible.ts'
import { Ago } from '../../../ui/ago.tsx'
import { Avatar } from '../../../ui/avatar.tsx'
import { IconButton } from '../../../ui/button.tsx'
import { Status } from '../../../ui/glyph.tsx'
import { Menu, MenuItem, MenuLabel } from '../../../ui/menu.tsx'
import type { Column } from '../../../ui/records.tsx'
import { Said } from '../../../ui/said.tsx'
import type { Credentials } from './new-person.tsx'
import styles from './people.module.css'
import { RoleSelect } from './role-select.tsx'
import { whyKept } from './roles.ts'

export type Open =
  | { form: 'new' }
  | { form: 'made'; made: Credentials }
  | { form: 'edit' | 'logins' | 'remove'; person: User }

interface Columns {
  me: User
  all: readonly User[]
  onOpen: (open: Open) => void
}

export function columnsOf({ me, all, onOpen }: Columns): readonly Column<User>[] {
  return [
    { title: 'Person', width: 'minmax(0, 1.6fr)', cell: person => <Who person={person} mine={person.id === me.id} /> },
    {
      title: 'Role',
      width: 'minmax(0, 1fr)',
      cell: person => <RoleSelect person={person} me={me} all={all} />
    },
    { title: 'Login', width: 'minmax(0, 1fr)', cell: person => <Login {...person} /> },
    {
      title: 'Last login',
      width: '100px',
      cell: ({ lastLoginAt }) => (lastLoginAt === null ? 'Never' : <Ago ts={lastLoginAt} ago />)
    },
    { title: '', width: '36px', cell: person => <PersonMenu person={person} me={me} all={all} onOpen={onOpen} /> }
  ]
}

function Who({ person: { name, email }, mine }: { person: User; mine: boolean }) {
  return (
    <span className={styles.who}>
      <Avatar name={name} />
      <span>
        <b>
          <Said>{name}</Said>
        </b>
        {mine && <span className={styles.quiet}> you</span>}
        <span className={styles.email}>
          <Said>{email}</Said>
        </span>
      </span>
    </span>
  )
}

function Login({ hasPassword, mfaEnabled }: User) {
  if (mfaEnabled) return <Status tone="done">Two steps</Status>
  return <span className={styles.quiet}>{hasPassword ? 'Password alone' : 'No password yet'}</span>
}

function PersonMenu({ person, me, all, onOpen }: Columns & { person: User }) {
  const kept = whyKept(person, me, all)
  const above = person.role === 'owner' && me.role !== 'owner'
  return (
    <Menu align="end" trigger={<IconButton icon={Ellipsis} label={`More for ${isolated(person.name)}`} />}>
      {!above && (
        <MenuItem icon={Pencil} note="Name, email, a new password" onSelect={() => onOpen({ form: 'edit', person })}>
          Edit
        </MenuItem>
      )}
      <MenuItem icon={MonitorSmartphone} onSelect={() => onOpen({ form: 'logins', person })}>
        Where they are signed in
      </MenuItem>
      {kept === null ? (
        <MenuItem icon={UserMinus} onSelect={() => onOpen({ form: 'remove', person })}>
          Remove
        </MenuItem>
      ) : (
        <MenuLabel>{kept}</MenuLabel>
      )}
    </Menu>
  )
}
