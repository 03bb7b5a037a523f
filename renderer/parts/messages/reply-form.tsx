import { type FormEvent, useRef, useState } from 'react'
import type { Message } from '#contract/work/messages'
import { wordsOf } from '../../lib/call.ts'
import { useHotkeys } from '../../lib/hotkeys.ts'
import { randomId } from '../../lib/random-id.ts'
import { Button } from '../../ui/button.tsx'
import { Field, TextArea } from '../../ui/field.tsx'
import { Said } from '../../ui/said.tsx'
import { draftOf, keepDraft } from './message-drafts.ts'
import styles from './messages.module.css'
import { type Parties, person } from './parties.tsx'
import { useSend } from './queries.ts'

interface Props {
  answered: Message
  parties: Parties
  onSent: (message: Message) => void
}

/** Answers who sent it; one's own message is followed by another one to the same. */
export function ReplyForm({ answered, parties, onSent }: Props) {
  const { threadId: thread } = answered
  const [text, setText] = useState(() => draftOf(thread))
  const send = useSend()
  const field = useRef<HTMLTextAreaElement>(null)
  const key = useRef({ body: '', key: '' })
  const fromPerson = answered.from === person || answered.from === null
  const to = fromPerson ? answered.to : answered.from
  const { name } = fromPerson ? parties.to : parties.from
  const set = (next: string) => {
    setText(next)
    keepDraft(thread, next)
  }
  const submit = (event?: FormEvent) => {
    event?.preventDefault()
    if (send.isPending || text.trim() === '') return field.current?.focus()
    const body = { to, text, replyTo: answered.id }
    const same = JSON.stringify(body)
    if (key.current.body !== same) key.current = { body: same, key: randomId() }
    const onSuccess = (message: Message) => {
      set('')
      onSent(message)
    }
    send.mutate({ ...body, key: key.current.key }, { onSuccess })
  }
  useHotkeys([
    { keys: 'r', label: 'Reply', run: () => field.current?.focus() },
    { keys: 'mod+Enter', label: 'Send the reply', inFields: true, run: () => submit() }
  ])
  return (
    <form className={styles.reply} onSubmit={submit}>
      <Field
        label={
          <>
            Reply to <Said>{name}</Said>
          </>
        }
        error={send.isError ? wordsOf(send.error) : undefined}
      >
        {control => (
          <TextArea
            {...control}
            ref={field}
            rows={2}
            maxLength={100_000}
            value={text}
            onChange={event => set(event.target.value)}
          />
        )}
      </Field>
      <div className={styles.buttons}>
        <Button type="submit" hotkey="mod+Enter" disabled={send.isPending || text.trim() === ''}>
          Send
        </Button>
      </div>
    </form>
  )
}
