import { ArrowRight, User, Users } from 'lucide-react'
import type { Agent } from '#contract/fleet/agents'
import type { Message } from '#contract/work/messages'
import { Avatar } from '../../ui/avatar.tsx'
import { Said } from '../../ui/said.tsx'
import { useMe } from '../who.ts'
import styles from './messages.module.css'

/** How the API names people, as sender or receiver. */
export const person = 'user'

interface Party {
  kind: 'agent' | 'person' | 'everybody' | 'flotilla'
  name: string
  glyph?: string | null
}
export interface Parties {
  from: Party
  to: Party
}

/** Who sent a message and who gets it. */
export function usePartiesOf(agents: ReadonlyMap<string, Agent>): (message: Message) => Parties {
  const me = useMe()
  const partyOf = (reference: string, by: unknown): Party => {
    const agent = agents.get(reference)
    if (agent) return { kind: 'agent', name: agent.name, glyph: agent.glyph }
    if (reference !== person) return { kind: 'agent', name: 'an agent that is gone' }
    if (by === undefined) return { kind: 'person', name: 'people' }
    return { kind: 'person', name: by === me?.name ? 'you' : String(by) }
  }
  return ({ type, from, to, data }) => ({
    from: from === null ? { kind: 'flotilla', name: 'Flotilla' } : partyOf(from, data.by),
    to:
      to === null
        ? { kind: 'everybody', name: type === 'tool.result' ? 'whoever follows' : 'everybody' }
        : partyOf(to, undefined)
  })
}

export function PartiesLine({ from, to }: Parties) {
  return (
    <span className={styles.parties}>
      <PartyName party={from} />
      <ArrowRight size={13} role="img" aria-label="to" />
      <PartyName party={to} />
    </span>
  )
}

function PartyName({ party: { kind, name, glyph } }: { party: Party }) {
  return (
    <span className={styles.party}>
      {kind === 'agent' && <Avatar name={name} glyph={glyph} size="small" />}
      {kind === 'person' && <User size={15} strokeWidth={1.75} aria-hidden />}
      {kind === 'everybody' && <Users size={15} strokeWidth={1.75} aria-hidden />}
      <span className="truncate">
        <Said>{name}</Said>
      </span>
    </span>
  )
}
