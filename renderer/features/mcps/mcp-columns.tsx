import type { Mcp } from '#contract/fleet/mcps'
import { writeCommandLine } from '../../lib/command-line.ts'
import { count } from '../../lib/format.ts'
import { isolated } from '../../lib/visible.ts'
import { Ago } from '../../ui/ago.tsx'
import { Button } from '../../ui/button.tsx'
import { Status } from '../../ui/glyph.tsx'
import type { Column } from '../../ui/records.tsx'
import { Said } from '../../ui/said.tsx'
import styles from './mcps.module.css'
import type { Receivers } from './queries.ts'

export type Open = { form: 'new' } | { form: 'edit' | 'test' | 'delete'; mcp: Mcp }

interface Columns {
  may: boolean
  /** null: the agents are not known yet. */
  receiversOf: ((id: string) => Receivers) | null
  onOpen: (open: Open) => void
}

export function columnsOf({ may, receiversOf, onOpen }: Columns): readonly Column<Mcp>[] {
  return [
    {
      title: 'Server',
      width: 'minmax(0, 1fr)',
      cell: ({ name, envKeys, headerKeys }) => {
        const set = [...envKeys, ...headerKeys]
        return (
          <>
            <b>
              <Said>{name}</Said>
            </b>
            <span className={styles.note}>{set.length === 0 ? 'sets nothing' : `sets ${set.join(', ')}`}</span>
          </>
        )
      }
    },
    {
      title: 'Transport',
      width: 'minmax(0, 1.3fr)',
      cell: ({ transport, command, args, url }) => (
        <>
          {transport}
          <code className={styles.how}>
            <Said>{transport === 'stdio' ? writeCommandLine([command ?? '', ...args]) : (url ?? '')}</Said>
          </code>
        </>
      )
    },
    { title: 'State', width: 'minmax(0, 1.2fr)', cell: mcp => <State mcp={mcp} /> },
    {
      title: 'Agents',
      width: 'minmax(0, 0.8fr)',
      cell: ({ id }) => receiversOf && <Whom {...receiversOf(id)} />
    },
    {
      title: '',
      width: '190px',
      cell: mcp => may && <Buttons mcp={mcp} onOpen={onOpen} />
    }
  ]
}

function Buttons({ mcp, onOpen }: { mcp: Mcp; onOpen: (open: Open) => void }) {
  const name = isolated(mcp.name)
  return (
    <>
      <Button small aria-label={`Test ${name}`} onClick={() => onOpen({ form: 'test', mcp })}>
        Test
      </Button>
      <Button small aria-label={`Edit ${name}`} onClick={() => onOpen({ form: 'edit', mcp })}>
        Edit
      </Button>
      <Button small look="danger" aria-label={`Delete ${name}`} onClick={() => onOpen({ form: 'delete', mcp })}>
        Delete
      </Button>
    </>
  )
}

function State({ mcp: { status, detail, checkedAt } }: { mcp: Mcp }) {
  if (status === 'unknown')
    return (
      <>
        <Status tone="queued">Not tried yet</Status>
        <span className={styles.note}>A run or a test tells</span>
      </>
    )
  return (
    <>
      <Status tone={status === 'ok' ? 'done' : 'failed'}>{status === 'ok' ? 'Answers' : 'Does not work'}</Status>
      {status === 'failed' && detail !== null && (
        <span className={styles.why}>
          <Said>{detail}</Said>
        </span>
      )}
      {checkedAt !== null && (
        <span className={styles.note}>
          Tried <Ago ts={checkedAt} ago />
        </span>
      )}
    </>
  )
}

const namedAgents = 2

function Whom({ everybody, names }: Receivers) {
  if (names.length === 0) return <span className={styles.quiet}>{everybody ? 'No agents yet' : 'None'}</span>
  if (everybody) return <>All {count(names.length, 'agent')}</>
  return (
    <>
      {names.slice(0, namedAgents).map((name, i) => (
        <span key={name}>
          {i > 0 && ', '}
          <Said>{name}</Said>
        </span>
      ))}
      {names.length > namedAgents && ` and ${names.length - namedAgents} more`}
    </>
  )
}
