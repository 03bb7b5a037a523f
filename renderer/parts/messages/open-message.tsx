import type { Agent } from '#contract/fleet/agents'
import { ComposeMessage } from './compose-message.tsx'
import type { MessageAddress } from './message-address.ts'
import { ThreadPanel } from './thread-panel.tsx'

interface Props {
  /** Of the message; `new`: one that is being written. */
  id: string | undefined
  address: MessageAddress
  /** Whom one can be written to. */
  agents: readonly Agent[]
  /** Whom it is written to, where that is no question. */
  receiver?: Agent
  readOnly: string | null
}

/** What is open beside the list. */
export function OpenMessage({ id, address, agents, receiver, readOnly }: Props) {
  const close = () => address.go(null)
  if (id === undefined) return null
  if (id === 'new')
    return <ComposeMessage agents={agents} receiver={receiver ?? null} readOnly={readOnly} onClose={close} />
  return (
    <ThreadPanel
      id={id}
      address={address}
      readOnly={readOnly}
      onClose={close}
      onSent={message => address.go(message.id)}
    />
  )
}
