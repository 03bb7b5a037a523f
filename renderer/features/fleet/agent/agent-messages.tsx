import { Send } from 'lucide-react'
import { Link } from 'wouter'
import type { Agent } from '#contract/fleet/agents'
import { useHotkeys } from '../../../lib/hotkeys.ts'
import { useNarrow } from '../../../lib/narrow.ts'
import { useMessageAddress } from '../../../parts/messages/message-address.ts'
import { MessageFilterRow } from '../../../parts/messages/message-filter-row.tsx'
import { MessageList, useMessageLogs } from '../../../parts/messages/message-list.tsx'
import styles from '../../../parts/messages/messages.module.css'
import { OpenMessage } from '../../../parts/messages/open-message.tsx'
import { useReadOnly } from '../../../parts/read-only.ts'
import { Content, classOf, IconLink } from '../../../ui/button.tsx'
import { WithPanel } from '../../../ui/panel.tsx'

/** What an agent sent and got; one of the messages open beside the others. */
export function AgentMessages({ agent }: { agent: Agent }) {
  const address = useMessageAddress(agent.id)
  const logs = useMessageLogs(address)
  const readOnly = useReadOnly()
  const narrow = useNarrow()
  const beside = address.open !== undefined
  const alone = narrow && beside
  // Who is archived reads nothing.
  const may = readOnly === null && agent.status !== 'archived'
  useHotkeys(may ? [{ keys: 'n', label: 'Send it a message', run: () => address.go('new') }] : [])
  return (
    <>
      {alone && (
        <p className={styles.back}>
          <Link href={address.addressOf(null)} className={classOf()}>
            All its messages
          </Link>
        </p>
      )}
      <WithPanel>
        {!alone && (
          <MessageList
            address={address}
            logs={logs}
            id={address.open}
            nothing="What it tells others and is told, and what becomes of its tasks, stands here."
          >
            <MessageFilterRow address={address} agents={[]}>
              {!beside && (
                <span className={styles.quiet} role="status">
                  {logs.total}
                </span>
              )}
              {may && (beside || narrow) && (
                <IconLink icon={Send} label="Send a message" href={address.addressOf('new')} />
              )}
              {may && !beside && !narrow && (
                <Link href={address.addressOf('new')} className={classOf('default', true)}>
                  <Content icon={Send} hotkey="n">
                    Send a message
                  </Content>
                </Link>
              )}
            </MessageFilterRow>
          </MessageList>
        )}
        <OpenMessage id={address.open} address={address} agents={[]} receiver={agent} readOnly={readOnly} />
      </WithPanel>
    </>
  )
}
