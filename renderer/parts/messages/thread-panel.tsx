import { useEffect, useRef } from 'react'
import { Link } from 'wouter'
import type { Message } from '#contract/work/messages'
import { wordsOf } from '../../lib/call.ts'
import { exactTime, stamp } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { Problem, SkeletonRows } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Said } from '../../ui/said.tsx'
import { useAgentsById } from '../agents.ts'
import type { MessageAddress } from './message-address.ts'
import { Leads } from './message-columns.tsx'
import { typeWords } from './message-words.ts'
import styles from './messages.module.css'
import { type Parties, PartiesLine, person, usePartiesOf } from './parties.tsx'
import { useMessage, useThread } from './queries.ts'
import { ReplyForm } from './reply-form.tsx'

interface Props {
  id: string
  address: MessageAddress
  readOnly: string | null
  onClose: () => void
  onSent: (message: Message) => void
}

/** The thread of a message, oldest first, with this one marked: it is the one that is answered. */
export function ThreadPanel({ id, address, readOnly, onClose, onSent }: Props) {
  const one = useMessage(id)
  const thread = useThread(one.data?.threadId)
  const messages = thread.data?.pages.flatMap(page => page.data).toReversed()
  const known = messages ?? (one.data ? [one.data] : [])
  const agents = useAgentsById(known.flatMap(message => [message.from, message.to]).filter(by => by !== person))
  const partiesOf = usePartiesOf(agents)
  const error = one.error ?? thread.error
  return (
    <Panel label="Message" title={one.data ? titleOf(one.data, known.length) : 'Message'} onClose={onClose}>
      {error && !messages && (
        <Problem
          title="The message could not be read"
          action={
            <Button small onClick={() => void Promise.all([one.refetch(), thread.refetch()])}>
              Try again
            </Button>
          }
        >
          {wordsOf(error)}
        </Problem>
      )}
      {!messages && !error && <SkeletonRows rows={3} height={58} />}
      {messages && (
        <ol className={styles.thread} aria-label="Thread, oldest first">
          {thread.hasNextPage && (
            <li>
              <Button small disabled={thread.isFetchingNextPage} onClick={() => void thread.fetchNextPage()}>
                Show earlier ones
              </Button>
            </li>
          )}
          {messages.map(message => (
            <Whole
              key={message.id}
              message={message}
              parties={partiesOf(message)}
              open={message.id === id}
              href={address.addressOf(message.id)}
            />
          ))}
        </ol>
      )}
      {one.data && !readOnly && (
        <ReplyForm key={one.data.threadId} answered={one.data} parties={partiesOf(one.data)} onSent={onSent} />
      )}
      {one.data && readOnly && <p className={styles.quiet}>{readOnly}</p>}
    </Panel>
  )
}

function titleOf({ type, data }: Message, length: number): string {
  const task = typeof data.title === 'string' ? data.title : null
  return task ?? (length > 1 ? `${length} messages` : typeWords[type])
}

interface WholeProps {
  message: Message
  parties: Parties
  open: boolean
  href: string
}

function Whole({ message, parties, open, href }: WholeProps) {
  const item = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (open) item.current?.scrollIntoView({ block: 'nearest' })
  }, [open])
  const { by: _, title: __, ...payload } = message.data
  return (
    <li ref={item} className={styles.whole} data-open={open || undefined}>
      <div className={styles.wholeHead}>
        <PartiesLine {...parties} />
        <Link href={href} className={styles.when} aria-current={open ? 'true' : undefined}>
          <time dateTime={message.createdAt} title={exactTime(message.createdAt)}>
            {stamp(message.createdAt)}
          </time>
        </Link>
      </div>
      <p className={styles.words} data-reply={message.replyTo !== null || undefined}>
        <Said>{message.text}</Said>
      </p>
      {open && (
        <>
          <p className={styles.facts}>
            <span className={styles.quiet}>{typeWords[message.type]}</span>
            <Leads message={message} />
            {typeof payload.approvalId === 'string' && <Link href={`/approvals/${payload.approvalId}`}>Approval</Link>}
          </p>
          {Object.keys(payload).length > 0 && (
            <details>
              <summary>Payload</summary>
              <Copyable label="the payload" text={JSON.stringify(payload, null, 2)} />
            </details>
          )}
        </>
      )}
    </li>
  )
}
