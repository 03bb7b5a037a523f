import { Send } from 'lucide-react'
import { useEffect } from 'react'
import { Link } from 'wouter'
import { useHotkeys } from '../../lib/hotkeys.ts'
import { useNarrow } from '../../lib/narrow.ts'
import { useAgents } from '../../parts/agents.ts'
import { type MessageAddress, useMessageAddress } from '../../parts/messages/message-address.ts'
import { MessageFilterRow } from '../../parts/messages/message-filter-row.tsx'
import { MessageList, useMessageLogs } from '../../parts/messages/message-list.tsx'
import styles from '../../parts/messages/messages.module.css'
import { OpenMessage } from '../../parts/messages/open-message.tsx'
import { useReadOnly } from '../../parts/read-only.ts'
import { Content, classOf, IconLink } from '../../ui/button.tsx'
import { Bar, Gap, Title } from '../../ui/page.tsx'
import { WithPanel } from '../../ui/panel.tsx'

/** What agents and people tell each other; one of them open beside it. */
export function MessagesPage({ id }: { id?: string }) {
  const address = useMessageAddress(null)
  const logs = useMessageLogs(address)
  const agents = useAgents().data ?? []
  const readOnly = useReadOnly()
  const alone = useNarrow() && id !== undefined
  useEffect(() => {
    document.title = 'Messages · Flotilla'
  }, [])
  useHotkeys([{ keys: 'n', label: 'Send a message', run: () => readOnly === null && address.go('new') }])
  return (
    <>
      <MessagesBar address={address} alone={alone} readOnly={readOnly} total={logs.total} />
      <WithPanel>
        {!alone && (
          <MessageList
            address={address}
            logs={logs}
            id={id}
            nothing="What agents tell each other and you, and what becomes of tasks, stands here."
          >
            <MessageFilterRow address={address} agents={agents} />
          </MessageList>
        )}
        <OpenMessage id={id} address={address} agents={agents} readOnly={readOnly} />
      </WithPanel>
    </>
  )
}

interface BarProps {
  address: MessageAddress
  alone: boolean
  readOnly: string | null
  total: string | undefined
}

function MessagesBar({ address, alone, readOnly, total }: BarProps) {
  const narrow = useNarrow()
  if (alone) {
    return (
      <Bar back={{ href: address.addressOf(null), label: 'All messages' }}>
        <Title>Message</Title>
      </Bar>
    )
  }
  return (
    <Bar>
      <Title>Messages</Title>
      {total !== undefined && (
        <span className={styles.quiet} role="status">
          {total}
        </span>
      )}
      <Gap />
      {readOnly && !narrow && <span className={styles.quiet}>{readOnly}</span>}
      {!readOnly && narrow && <IconLink icon={Send} label="Send a message" href={address.addressOf('new')} />}
      {!readOnly && !narrow && (
        <Link href={address.addressOf('new')} className={classOf()}>
          <Content icon={Send} hotkey="n">
            Send a message
          </Content>
        </Link>
      )}
    </Bar>
  )
}
