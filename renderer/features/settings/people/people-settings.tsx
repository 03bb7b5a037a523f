import { UserPlus } from 'lucide-react'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import type { User } from '#contract/people/users'
import { wordsOf } from '../../../lib/call.ts'
import { count } from '../../../lib/format.ts'
import { useMay, useMe } from '../../../parts/who.ts'
import { Button } from '../../../ui/button.tsx'
import { TextInput } from '../../../ui/field.tsx'
import { Empty, Problem, SkeletonRows } from '../../../ui/notice.tsx'
import { Records } from '../../../ui/records.tsx'
import { type Credentials, HowToSignIn, NewPerson } from './new-person.tsx'
import styles from './people.module.css'
import { columnsOf, type Open } from './people-columns.tsx'
import { EditPerson, LoginsOfPerson, RemovePerson } from './person-dialogs.tsx'
import { usePeople } from './queries.ts'
import { roleMeanings } from './roles.ts'

const shownAtOnce = 60

/** Who may use this Flotilla, and how far. */
export function PeopleSettings() {
  const may = useMay('admin')
  if (!may)
    return <Empty title="This is for those who run Flotilla">Ask an owner or an admin about people and roles.</Empty>
  return <People />
}

function People() {
  const people = usePeople()
  const me = useMe()
  const [params, setParams] = useSearchParams()
  const [shown, setShown] = useState(shownAtOnce)
  const [open, setOpen] = useState<Open | null>(null)
  const search = params.get('search') ?? ''
  const all = people.data
  const found = all?.filter(({ name, email }) => `${name} ${email}`.toLowerCase().includes(search.toLowerCase().trim()))
  const again = (
    <Button small onClick={() => void people.refetch()}>
      Try again
    </Button>
  )
  return (
    <>
      <div className={styles.bar}>
        <TextInput
          type="search"
          aria-label="Find a person"
          placeholder="Find a person"
          value={search}
          onChange={event => setParams(event.target.value ? { search: event.target.value } : {}, { replace: true })}
        />
        {all && <span className={styles.quiet}>{count(all.length, 'person', 'people')}</span>}
        <Button look="primary" icon={UserPlus} onClick={() => setOpen({ form: 'new' })}>
          Add a person
        </Button>
      </div>
      {people.error && !all && (
        <Problem title="The people could not be listed" action={again}>
          {wordsOf(people.error)}
        </Problem>
      )}
      {!all && !people.error && <SkeletonRows height={44} />}
      {all && me && found && found.length > 0 && (
        <Records
          label="People"
          columns={columnsOf({ me: me.user, all, onOpen: setOpen })}
          items={found.slice(0, shown)}
          keyOf={({ id }) => id}
        />
      )}
      {found && found.length > shown && (
        <p className={styles.more}>
          <Button onClick={() => setShown(shown + shownAtOnce)}>
            Show {Math.min(shownAtOnce, found.length - shown)} more
          </Button>
        </p>
      )}
      {found?.length === 0 && (
        <Empty title="Nobody matches" action={<Button onClick={() => setParams({})}>Clear</Button>} />
      )}
      <dl className={styles.roles}>
        {roleMeanings.map(({ role, title, means }) => (
          <div key={role}>
            <dt>{title}</dt>
            <dd>{means}</dd>
          </div>
        ))}
      </dl>
      <Dialogs open={open} mine={me?.user ?? null} onOpen={setOpen} />
    </>
  )
}

interface DialogsProps {
  open: Open | null
  mine: User | null
  onOpen: (open: Open | null | ((now: Open | null) => Open | null)) => void
}

function Dialogs({ open, mine, onOpen }: DialogsProps) {
  const close = () => onOpen(null)
  switch (open?.form) {
    case undefined:
      return null
    case 'new':
      return (
        <NewPerson
          mine={mine}
          onMade={(made: Credentials | null) => onOpen(made && { form: 'made', made })}
          // What was made has its own dialog by then.
          onClose={() => onOpen(now => (now?.form === 'new' ? null : now))}
        />
      )
    case 'made':
      return <HowToSignIn made={open.made} onClose={close} />
    case 'edit':
      return <EditPerson person={open.person} onClose={close} />
    case 'logins':
      return <LoginsOfPerson person={open.person} onClose={close} />
    case 'remove':
      return <RemovePerson person={open.person} onClose={close} />
  }
}
