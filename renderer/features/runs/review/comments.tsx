import { Pencil, Trash2 } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Link } from 'wouter'
import type { ReviewComment } from '#contract/runs/review'
import { wordsOf } from '../../../lib/call.ts'
import { shortTimeOfDay } from '../../../lib/format.ts'
import { RunGlyph, statusWord } from '../../../parts/run-status.tsx'
import { useRun } from '../../../parts/runs.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { TextArea } from '../../../ui/field.tsx'
import { Said } from '../../../ui/said.tsx'
import styles from './comments.module.css'
import type { ReviewActions } from './queries.ts'

interface CardProps {
  comment: ReviewComment
  actions: ReviewActions
}

/** What was said of a line. */
export function CommentCard({ comment, actions }: CardProps) {
  const [editing, setEditing] = useState(false)
  const { id, by, line, text, at, sentTo } = comment
  if (editing)
    return (
      <CommentBox
        title={`Comment on line ${line}`}
        first={text}
        action="Save"
        onAdd={async words => {
          await actions.edit.mutateAsync({ id, text: words })
          setEditing(false)
        }}
        onClose={() => setEditing(false)}
      />
    )
  return (
    <article className={styles.card} aria-label={`Comment on line ${line}`}>
      <div className={styles.head}>
        <b>{by}</b>
        <span>
          on line {line} · {sentTo === null ? 'in this review, not sent' : `sent ${shortTimeOfDay(at)}`}
        </span>
        {sentTo === null && (
          <span className={styles.tools}>
            <IconButton icon={Pencil} label="Edit comment" onClick={() => setEditing(true)} />
            <IconButton icon={Trash2} label="Delete comment" onClick={() => actions.remove.mutate(id)} />
          </span>
        )}
      </div>
      <p>
        <Said>{text}</Said>
      </p>
      {sentTo !== null && <SentTo id={sentTo} />}
    </article>
  )
}

/** The run that it caused. */
function SentTo({ id }: { id: string }) {
  const run = useRun(id).data
  if (!run) return null
  return (
    <p className={styles.sent}>
      <RunGlyph run={run} />
      <Link href={`/runs/${run.id}`}>
        Follow-up #{run.number}, {statusWord(run)}
      </Link>
    </p>
  )
}

interface BoxProps {
  title: string
  first?: string
  action: string
  /** Says it at once, without waiting for the end of the review. */
  onSend?: ((text: string) => Promise<unknown>) | undefined
  onAdd: (text: string) => Promise<unknown>
  onClose: () => void
}

/** Where a comment is written; what failed leaves what was typed. */
export function CommentBox({ title, first = '', action, onSend, onAdd, onClose }: BoxProps) {
  const [text, setText] = useState(first)
  const [fault, setFault] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const field = useRef<HTMLFormElement>(null)
  useEffect(() => field.current?.querySelector('textarea')?.focus(), [])
  const submit = async (how: (text: string) => Promise<unknown>) => {
    if (text.trim() === '' || busy) return
    setBusy(true)
    try {
      await how(text)
    } catch (error) {
      setFault(error)
      setBusy(false)
    }
  }
  return (
    <form
      className={styles.box}
      ref={field}
      onSubmit={event => {
        event.preventDefault()
        void submit(onAdd)
      }}
      onKeyDown={event => {
        if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) void submit(onAdd)
        if (event.key !== 'Escape') return
        event.stopPropagation()
        onClose()
      }}
    >
      <p className={styles.title}>{title}</p>
      <TextArea aria-label={title} value={text} rows={2} onChange={event => setText(event.target.value)} />
      {fault !== null && (
        <p className={styles.fault} role="alert">
          {wordsOf(fault)}
        </p>
      )}
      <div className={styles.actions}>
        <Button
          look="primary"
          small
          hotkey="mod+Enter"
          disabled={busy || text.trim() === ''}
          onClick={() => void submit(onAdd)}
        >
          {action}
        </Button>
        {onSend && (
          <Button small disabled={busy || text.trim() === ''} onClick={() => void submit(onSend)}>
            Send now
          </Button>
        )}
        <Button small look="ghost" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  )
}
