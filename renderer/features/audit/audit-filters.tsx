import { actorKinds, auditOutcomes, type NamedAuditEntry } from '#contract/audit/audit'
import { count } from '../../lib/format.ts'
import { useAgents } from '../../parts/agents.ts'
import { useMe } from '../../parts/who.ts'
import { FilterPick, Filters } from '../../ui/filters.tsx'
import styles from './audit.module.css'
import type { AuditAddress } from './audit-address.ts'
import { dayFrom, dayOf } from './audit-query.ts'
import { nounWords, throughWords } from './audit-words.ts'
import { QueryField } from './query-field.tsx'

interface Props {
  address: AuditAddress
  /** Who did them is offered. */
  entries: readonly NamedAuditEntry[]
  total: number | undefined
}

/** Text, and each field; one that is on stands there with a way to leave it out. */
export function AuditFilters({ address, entries, total }: Props) {
  const { asked, go } = address
  const me = useMe()?.name
  const agents = useAgents().data ?? []
  const actors = [...new Set(entries.map(entry => entry.actor.name))].filter(name => name !== me)
  const pick = (field: 'actor' | 'action' | 'agent' | 'through' | 'outcome' | 'on') => (value: string) =>
    go({ [field]: value === '' ? null : value, entry: null })
  return (
    <Filters>
      <QueryField address={address} />
      <FilterPick
        title="Actor"
        chosen={asked.actor ?? ''}
        options={[{ id: 'you', title: 'You' }, ...actors.map(name => ({ id: name, title: name }))]}
        onPick={pick('actor')}
      />
      <FilterPick
        title="Action"
        chosen={asked.action ?? ''}
        options={Object.entries(nounWords).map(([noun, title]) => ({ id: `${noun}.*`, title }))}
        onPick={pick('action')}
      />
      <FilterPick
        title="Agent"
        chosen={asked.agent ?? ''}
        options={agents.map(({ id, name }) => ({ id, title: name }))}
        onPick={pick('agent')}
      />
      <FilterPick
        title="Through"
        chosen={asked.through ?? ''}
        options={actorKinds.map(kind => ({ id: kind, title: throughWords[kind] }))}
        onPick={pick('through')}
      />
      <FilterPick
        title="Outcome"
        chosen={asked.outcome ?? ''}
        options={auditOutcomes.map(outcome => ({ id: outcome, title: outcome === 'ok' ? 'Done' : 'Refused' }))}
        onPick={pick('outcome')}
      />
      {asked.on && <FilterPick title="On" chosen={asked.on} options={[]} onPick={pick('on')} />}
      <Days address={address} />
      {total !== undefined && (
        <span className={styles.total} role="status">
          {count(total, 'entry', 'entries')}
        </span>
      )}
    </Filters>
  )
}

/** Named ranges; days of one's own are typed: after:2026-11-01 before:2026-11-08. */
function Days({ address: { asked, go } }: { address: AuditAddress }) {
  const now = Date.now()
  const ranges = [
    { id: 'today', title: 'Today', after: dayOf(now), before: null },
    { id: 'yesterday', title: 'Yesterday', after: dayFrom(now, -1), before: dayOf(now) },
    { id: 'week', title: 'Last 7 days', after: dayFrom(now, -6), before: null },
    { id: 'month', title: 'Last 30 days', after: dayFrom(now, -29), before: null }
  ]
  const { after = null, before = null } = asked
  const chosen = ranges.find(range => range.after === after && range.before === before)
  const own = [after && `from ${after}`, before && `before ${before}`].filter(Boolean).join(', ')
  const words = chosen?.title ?? own
  return (
    <FilterPick
      title="When"
      chosen={words}
      options={words === '' ? ranges : [{ id: words, title: words }]}
      onPick={id => {
        const range = ranges.find(one => one.id === id)
        go({ after: range?.after ?? null, before: range?.before ?? null, entry: null })
      }}
    />
  )
}
