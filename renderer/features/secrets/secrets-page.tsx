import { KeyRound, Plus } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useSearchParams } from 'wouter'
import type { Secret } from '#contract/fleet/secrets'
import { wordsOf } from '../../lib/call.ts'
import { useHotkeys } from '../../lib/hotkeys.ts'
import { useMay } from '../../parts/who.ts'
import { Ago } from '../../ui/ago.tsx'
import { Button } from '../../ui/button.tsx'
import { TextInput } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Status } from '../../ui/glyph.tsx'
import { Empty, Problem, SkeletonRows } from '../../ui/notice.tsx'
import { Bar, Gap, Title } from '../../ui/page.tsx'
import { type Column, Records } from '../../ui/records.tsx'
import { Said } from '../../ui/said.tsx'
import { addressOf, useAgentNames, useSecretDeeds, useSecrets } from './queries.ts'
import { SecretForm } from './secret-form.tsx'
import styles from './secrets.module.css'

type Open = { form: 'new' } | { form: 'replace' | 'delete'; secret: Secret }

/** Names of secrets. A value is written here and never shown again. */
export function SecretsPage() {
  const secrets = useSecrets()
  const agents = useAgentNames()
  const may = useMay('write')
  const [params, setParams] = useSearchParams()
  const [open, setOpen] = useState<Open | null>(null)
  const search = params.get('search') ?? ''
  const all = secrets.data?.data
  const nameOf = (id: string) => agents?.find(agent => agent.id === id)?.name ?? id
  const shown = all?.filter(({ key, agentId }) =>
    `${key} ${agentId === null ? 'whole fleet' : nameOf(agentId)}`.toLowerCase().includes(search.toLowerCase().trim())
  )
  useEffect(() => {
    document.title = 'Secrets · Flotilla'
  }, [])
  useHotkeys(may ? [{ keys: 'shift+n', label: 'New secret', run: () => setOpen({ form: 'new' }) }] : [])
  return (
    <>
      <Bar>
        <Title>Secrets</Title>
        <Gap />
        <span className={styles.search}>
          <TextInput
            type="search"
            aria-label="Find a secret"
            placeholder="Find a secret"
            value={search}
            onChange={event => setParams(event.target.value ? { search: event.target.value } : {}, { replace: true })}
          />
        </span>
        {may && (
          <Button look="primary" icon={Plus} onClick={() => setOpen({ form: 'new' })}>
            New secret
          </Button>
        )}
      </Bar>
      <div className={styles.page}>
        <p className={styles.words}>
          Given to agents as environment variables when a run starts. Values are encrypted on disk, hidden in what
          agents print, and never shown again. {!may && 'You can look; to change them takes the role of a member.'}
        </p>
        {secrets.error && !all && <Unreadable fault={secrets.error} onRetry={() => void secrets.refetch()} />}
        {!all && !secrets.error && <SkeletonRows height={40} />}
        {all?.length === 0 && <NoSecrets />}
        {shown && shown.length > 0 && (
          <Records
            label="Secrets"
            columns={columnsOf({ nameOf, may, onOpen: setOpen })}
            items={shown}
            keyOf={addressOf}
          />
        )}
        {shown?.length === 0 && all && all.length > 0 && (
          <Empty title="Nothing matches" action={<Button onClick={() => setParams({})}>Clear</Button>} />
        )}
      </div>
      {open?.form === 'new' && <SecretForm agents={agents ?? []} onClose={() => setOpen(null)} />}
      {open?.form === 'replace' && (
        <SecretForm known={open.secret} agents={agents ?? []} onClose={() => setOpen(null)} />
      )}
      {open?.form === 'delete' && <DeleteSecret secret={open.secret} onClose={() => setOpen(null)} />}
    </>
  )
}

interface Columns {
  nameOf: (agentId: string) => string
  may: boolean
  onOpen: (open: Open) => void
}

function columnsOf({ nameOf, may, onOpen }: Columns): readonly Column<Secret>[] {
  return [
    { title: 'Key', width: 'minmax(0, 1.6fr)', cell: ({ key }) => <b className={styles.key}>{key}</b> },
    {
      title: 'Scope',
      width: 'minmax(0, 1fr)',
      cell: ({ agentId }) => (agentId === null ? 'Whole fleet' : <Said>{nameOf(agentId)}</Said>)
    },
    {
      title: 'Value',
      width: 'minmax(0, 1.4fr)',
      cell: ({ readable }) => (readable ? <span className={styles.hidden}>hidden</span> : <Unsealable />)
    },
    {
      title: 'Last used',
      width: '96px',
      cell: ({ lastUsedAt }) => (lastUsedAt === null ? 'Never' : <Ago ts={lastUsedAt} ago />)
    },
    { title: 'Updated', width: '96px', cell: ({ updatedAt }) => <Ago ts={updatedAt} ago /> },
    {
      title: '',
      width: '160px',
      cell: secret =>
        may && (
          <>
            <Button small aria-label={`Replace ${secret.key}`} onClick={() => onOpen({ form: 'replace', secret })}>
              Replace
            </Button>
            <Button
              small
              look="danger"
              aria-label={`Delete ${secret.key}`}
              onClick={() => onOpen({ form: 'delete', secret })}
            >
              Delete
            </Button>
          </>
        )
    }
  ]
}

function Unsealable() {
  return (
    <>
      <Status tone="failed">Cannot be read</Status>
      <span className={styles.note}>
        It was sealed with another data key. Put that key back, or replace the value; until then no run gets it.
      </span>
    </>
  )
}

function DeleteSecret({ secret, onClose }: { secret: Secret; onClose: () => void }) {
  const { remove } = useSecretDeeds()
  return (
    <FormDialog
      title={`Delete ${secret.key}?`}
      action="Delete"
      danger
      onSubmit={() => remove(secret)}
      onClose={onClose}
    >
      <p>Runs that start from now on do not get it. Its value cannot be brought back.</p>
    </FormDialog>
  )
}

function Unreadable({ fault, onRetry }: { fault: Error; onRetry: () => void }) {
  const again = (
    <Button small onClick={onRetry}>
      Try again
    </Button>
  )
  return (
    <Problem title="The secrets could not be listed" action={again}>
      {wordsOf(fault)}
    </Problem>
  )
}

function NoSecrets() {
  return (
    <Empty icon={KeyRound} title="No secrets yet">
      A token that agents need, for a registry or an issue tracker, belongs here instead of into a prompt.
    </Empty>
  )
}
