import { Link } from 'wouter'
import type { Message } from '#contract/work/messages'
import { exactTime, timeOfDay } from '../../lib/format.ts'
import { classOf } from '../../ui/button.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { Said } from '../../ui/said.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import type { LogColumn } from '../log-table/log-row.tsx'
import { typeWords } from './message-words.ts'
import styles from './messages.module.css'
import { type Parties, PartiesLine } from './parties.tsx'

/** Longer ones are read in the panel. */
const textShown = 400

interface Facts {
  partiesOf: (message: Message) => Parties
  /** The approval that a message asks for, while it waits. */
  waitingOf: (message: Message) => string | null
}

/** `One` is a message, or something that shows as one. */
export function messageColumns<One>(
  messageOf: (one: One) => Message,
  countOf: (one: One) => number | null,
  { partiesOf, waitingOf }: Facts
): readonly LogColumn<One>[] {
  return [
    {
      title: 'Time',
      cell: one => {
        const { createdAt } = messageOf(one)
        return (
          <Tooltip text={exactTime(createdAt)}>
            <time dateTime={createdAt}>{timeOfDay(createdAt)}</time>
          </Tooltip>
        )
      }
    },
    {
      title: 'Who',
      cell: one => {
        const message = messageOf(one)
        return (
          <span className={styles.who}>
            <PartiesLine {...partiesOf(message)} />
            <span className={styles.type}>
              {message.type === 'task.error' && <Glyph tone="failed" size={12} />}
              {message.replyTo === null ? typeWords[message.type] : 'Reply'}
            </span>
          </span>
        )
      }
    },
    {
      title: 'Text',
      opens: true,
      cell: one => {
        const { text, replyTo } = messageOf(one)
        return (
          <span className={styles.text} data-reply={replyTo !== null || undefined}>
            <Said>{text.slice(0, textShown)}</Said>
          </span>
        )
      }
    },
    {
      title: 'About',
      cell: one => {
        const approval = waitingOf(messageOf(one))
        const many = countOf(one)
        return (
          <span className={styles.about}>
            {many !== null && many > 1 && <span className={styles.many}>{many} messages</span>}
            {approval !== null ? (
              <Link href={`/approvals/${approval}`} className={classOf('default', true)}>
                Review
              </Link>
            ) : (
              <Leads message={messageOf(one)} />
            )}
          </span>
        )
      }
    }
  ]
}

/** To what it is about. */
export function Leads({ message: { taskId, runId } }: { message: Message }) {
  return (
    <>
      {taskId !== null && <Link href={`/tasks/${taskId}`}>Task</Link>}
      {runId !== null && <Link href={`/runs/${runId}`}>Run</Link>}
    </>
  )
}
