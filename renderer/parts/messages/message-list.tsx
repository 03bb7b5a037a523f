import { MessagesSquare } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Message, Thread } from '#contract/work/messages'
import { wordsOf } from '../../lib/call.ts'
import { count } from '../../lib/format.ts'
import { useMinute } from '../../lib/now.ts'
import { Button } from '../../ui/button.tsx'
import { Empty, Problem, SkeletonRows } from '../../ui/notice.tsx'
import { useAgentsById } from '../agents.ts'
import { usePendingApprovals } from '../approvals/approvals.ts'
import { LogTable } from '../log-table/log-table.tsx'
import type { useLog } from '../log-table/use-log.ts'
import type { MessageAddress } from './message-address.ts'
import { messageColumns } from './message-columns.tsx'
import { dayWords } from './message-words.ts'
import styles from './messages.module.css'
import { person, usePartiesOf } from './parties.tsx'
import { useThreads, useTimeline } from './queries.ts'

/** What is asked for: messages one after the other, or threads by their newest. */
export function useMessageLogs({ filter, threads }: MessageAddress) {
  const timeline = useTimeline(filter, !threads)
  const byThread = useThreads(filter, threads)
  const shown = threads ? byThread : timeline
  return { timeline, byThread, total: shown.items && count(shown.total, threads ? 'thread' : 'message') }
}

interface Props {
  address: MessageAddress
  logs: ReturnType<typeof useMessageLogs>
  /** Id of the one that is open beside it. */
  id: string | undefined
  /** What stands there while nothing was said yet. */
  nothing: string
  /** Its filters. */
  children: ReactNode
}

/** Messages under their filters, newest first. */
export function MessageList({ address, logs: { timeline, byThread }, id, nothing, children }: Props) {
  const { error, items, again } = address.threads ? byThread : timeline
  return (
    <div className={styles.list}>
      {children}
      {error && !items && (
        <Problem
          title="The messages could not be read"
          action={
            <Button small onClick={again}>
              Try again
            </Button>
          }
        >
          {wordsOf(error)} Agents that are working keep working.
        </Problem>
      )}
      {!items && !error && <SkeletonRows height={58} />}
      {items?.length === 0 && !address.filtered && (
        <Empty icon={MessagesSquare} title="No messages yet">
          {nothing}
        </Empty>
      )}
      {items?.length === 0 && address.filtered && (
        <Empty title="No message matches" action={<Button onClick={address.clear}>Clear the filters</Button>} />
      )}
      {address.threads ? (
        <List<Thread> log={byThread} messageOf={one => one.last} countOf={one => one.messages} {...{ address, id }} />
      ) : (
        <List<Message> log={timeline} messageOf={one => one} countOf={() => null} {...{ address, id }} />
      )}
    </div>
  )
}

interface ListProps<One> {
  log: ReturnType<typeof useLog<One>>
  messageOf: (one: One) => Message
  countOf: (one: One) => number | null
  address: MessageAddress
  id: string | undefined
}

function List<One>({ log, messageOf, countOf, address, id }: ListProps<One>) {
  const items = log.items ?? []
  const others = items.flatMap(one => [messageOf(one).from, messageOf(one).to]).filter(by => by !== person)
  const partiesOf = usePartiesOf(useAgentsById(others))
  const waiting = new Set(usePendingApprovals().data?.data.map(approval => approval.id))
  const now = useMinute()
  const waitingOf = ({ type, data: { approvalId } }: Message) =>
    type === 'approval.requested' && typeof approvalId === 'string' && waiting.has(approvalId) ? approvalId : null
  if (items.length === 0) return null
  return (
    <LogTable
      key={JSON.stringify([address.filter, address.threads, log.outdated])}
      label={address.threads ? 'Threads' : 'Messages'}
      one={address.threads ? 'thread' : 'message'}
      className={styles.columns}
      columns={messageColumns(messageOf, countOf, { partiesOf, waitingOf })}
      items={items}
      idOf={one => messageOf(one).id}
      hrefOf={one => address.addressOf(messageOf(one).id)}
      groupOf={one => dayWords(messageOf(one).createdAt, now)}
      isUrgent={one => waitingOf(messageOf(one)) !== null}
      chosen={id ?? null}
      heights={{ compact: 58, comfortable: 68, narrow: 100 }}
      headless
      total={log.total}
      onEnd={log.more}
      fresh={log.fresh > 0 ? count(log.fresh, 'new message') : null}
      onFresh={log.catchUp}
    />
  )
}
