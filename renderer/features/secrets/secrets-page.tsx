import { KeyRound, Plus } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useSearchParams } from 'wouter'
import type { Secret } from '#contract/fleet/secrets'
import { wordsOf } from '../../lib/call.ts'
import { useHotkeys } from '../../lib/hotkeys.ts'
import { DeleteSecret } from '../../parts/secrets/delete-secret.tsx'
import { addressOf, useAgentNames, useSecrets } from '../../parts/secrets/queries.ts'
import { ChangeSecret, secretColumns } from '../../parts/secrets/secret-columns.tsx'
import { SecretForm } from '../../parts/secrets/secret-form.tsx'
import styles from '../../parts/secrets/secrets.module.css'
import { useMay } from '../../parts/who.ts'
import { Button } from '../../ui/button.tsx'
import { TextInput } from '../../ui/field.tsx'
import { Empty, Problem, SkeletonRows } from '../../ui/notice.tsx'
import { Bar, Gap, Title } from '../../ui/page.tsx'
import { Records } from '../../ui/records.tsx'
import { Said } from '../../ui/said.tsx'

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
            columns={secretColumns<Secret>({
              secretOf: secret => secret,
              scope: ({ agentId }) => (agentId === null ? 'Whole fleet' : <Said>{nameOf(agentId)}</Said>),
              actions: secret =>
                may && (
                  <ChangeSecret
                    secret={secret}
                    onReplace={() => setOpen({ form: 'replace', secret })}
                    onDelete={() => setOpen({ form: 'delete', secret })}
                  />
                )
            })}
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
