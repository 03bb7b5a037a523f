import type { ReactNode } from 'react'
import { messageTypes } from '#contract/work/messages'
import { FilterPick, Filters, FilterText } from '../../ui/filters.tsx'
import { Views } from '../../ui/views.tsx'
import type { MessageAddress } from './message-address.ts'
import { ranges, typeWords } from './message-words.ts'
import styles from './messages.module.css'

interface Props {
  address: MessageAddress
  /** Whose messages can be asked for; none where they are one agent's anyhow. */
  agents: readonly { id: string; name: string }[]
  /** At the end of the row. */
  children?: ReactNode
}

/** Text, agent, type and range; one after the other or by thread. */
export function MessageFilterRow({ address, agents, children }: Props) {
  return (
    <Filters>
      <FilterText
        label="Search messages by their words"
        placeholder="Search messages"
        keyLabel="Search messages"
        value={address.search}
        onChange={text => address.set('search', text)}
        onEnter={() => undefined}
      />
      <FilterPick
        title="Agent"
        chosen={address.agent}
        options={agents.map(({ id, name }) => ({ id, title: name }))}
        onPick={agent => address.set('agent', agent)}
      />
      <FilterPick
        title="Type"
        chosen={address.type}
        options={messageTypes.map(type => ({ id: type, title: typeWords[type] }))}
        onPick={type => address.set('type', type)}
      />
      <FilterPick title="When" chosen={address.when} options={ranges} onPick={when => address.set('when', when)} />
      <span className={styles.views}>
        <Views
          views={[
            { title: 'Timeline', href: address.with('view', ''), on: !address.threads },
            { title: 'Threads', href: address.with('view', 'threads'), on: address.threads }
          ]}
        />
      </span>
      {children}
    </Filters>
  )
}
