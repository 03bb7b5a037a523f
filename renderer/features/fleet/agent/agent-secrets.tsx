import { KeyRound, Plus } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { Agent } from '#contract/fleet/agents'
import type { Secret } from '#contract/fleet/secrets'
import { wordsOf } from '../../../lib/call.ts'
import { count } from '../../../lib/format.ts'
import { useHotkeys } from '../../../lib/hotkeys.ts'
import { DeleteSecret } from '../../../parts/secrets/delete-secret.tsx'
import { addressOf, useSecretsFor } from '../../../parts/secrets/queries.ts'
import { type Reaching, reaching } from '../../../parts/secrets/reaching.ts'
import { ChangeSecret, secretColumns } from '../../../parts/secrets/secret-columns.tsx'
import { SecretForm } from '../../../parts/secrets/secret-form.tsx'
import styles from '../../../parts/secrets/secrets.module.css'
import { useMay } from '../../../parts/who.ts'
import { Button } from '../../../ui/button.tsx'
import { Empty, Problem, SkeletonRows } from '../../../ui/notice.tsx'
import { Records } from '../../../ui/records.tsx'

/** `key`: an own one that takes the place of that of the organisation. */
type Open = { form: 'new'; key?: string } | { form: 'replace' | 'delete'; secret: Secret }

/** The secrets that an agent is given when a run starts: its own, and those of the organisation. */
export function AgentSecrets({ agent }: { agent: Agent }) {
  const secrets = useSecretsFor(agent.id)
  const may = useMay('write')
  const [open, setOpen] = useState<Open | null>(null)
  const close = () => setOpen(null)
  const add = () => setOpen({ form: 'new' })
  const all = secrets.data && reaching(secrets.data.data)
  const given = all?.filter(({ overruled }) => !overruled).length
  useHotkeys(may ? [{ keys: 'shift+n', label: 'New secret of this agent', run: add }] : [])
  const ofFleet = (key: string) => all?.some(({ secret }) => secret.key === key && secret.agentId === null)
  return (
    <div className={styles.page}>
      <div className={styles.intro}>
        <p className={styles.words}>
          {given ? `Its runs get ${count(given, 'secret')} as environment variables. ` : ''}
          Its own take the place of those of the whole fleet. Values are never shown; runs that go on keep what they
          started with. {!may && 'You can look; to change them takes the role of a member.'}
        </p>
        {may && (
          <Button icon={Plus} onClick={add}>
            New secret
          </Button>
        )}
      </div>
      {secrets.error && !all && (
        <Problem
          title="Its secrets could not be listed"
          action={
            <Button small onClick={() => void secrets.refetch()}>
              Try again
            </Button>
          }
        >
          {wordsOf(secrets.error)} Runs that go on are not affected.
        </Problem>
      )}
      {!all && !secrets.error && <SkeletonRows height={40} />}
      {all?.length === 0 && (
        <Empty icon={KeyRound} title="It gets no secrets">
          Neither it nor the whole fleet has any. A token that it needs belongs here instead of into a prompt.
        </Empty>
      )}
      {all && all.length > 0 && (
        <Records
          label="Secrets"
          columns={secretColumns<Reaching>({
            secretOf: ({ secret }) => secret,
            scope: ({ secret }) => (secret.agentId === null ? <Link href="/secrets">Whole fleet</Link> : 'Its own'),
            value: ({ overruled }) =>
              overruled ? <span className={styles.hidden}>not given: its own takes its place</span> : undefined,
            actions: one => may && <Actions one={one} onOpen={setOpen} />
          })}
          items={all}
          keyOf={({ secret }) => addressOf(secret)}
        />
      )}
      {open?.form === 'new' && (
        <SecretForm agents={[]} receiver={{ agent, ...(open.key && { key: open.key }) }} onClose={close} />
      )}
      {open?.form === 'replace' && <SecretForm known={open.secret} agents={[]} onClose={close} />}
      {open?.form === 'delete' && (
        <DeleteSecret
          secret={open.secret}
          instead={
            ofFleet(open.secret.key) ? 'Runs that start from now on get that of the whole fleet again.' : undefined
          }
          onClose={close}
        />
      )}
    </div>
  )
}

function Actions({ one: { secret, overruled }, onOpen }: { one: Reaching; onOpen: (open: Open) => void }) {
  if (secret.agentId !== null)
    return (
      <ChangeSecret
        secret={secret}
        onReplace={() => onOpen({ form: 'replace', secret })}
        onDelete={() => onOpen({ form: 'delete', secret })}
      />
    )
  if (overruled) return null
  return (
    <Button
      small
      aria-label={`Give it a ${secret.key} of its own`}
      onClick={() => onOpen({ form: 'new', key: secret.key })}
    >
      Give its own
    </Button>
  )
}
