import { ArrowUp, Pencil, X } from 'lucide-react'
import { useState } from 'react'
import { isEnded, type Run, type RunInput } from '#contract/runs/runs'
import { firstLineOf } from '../../lib/format.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Said } from '../../ui/said.tsx'
import { toastFailure } from '../../ui/toast.tsx'
import { withImages } from '../images/with-images.ts'
import { useInputActions, useInputs } from '../runs.ts'
import styles from './composer.module.css'

/** Messages the agent has not read yet, in the order in which it will. */
export function QueuedInputs({ run }: { run: Run }) {
  const inputs = useInputs(run.id, !isEnded(run.status)).data?.data.filter(one => one.status === 'queued') ?? []
  if (isEnded(run.status) || inputs.length === 0) return null
  return (
    <ol className={styles.queue} aria-label="Queued messages">
      {inputs.map((input, i) => (
        <QueuedMessage key={input.n} runId={run.id} place={i + 1} input={input} before={inputs[i - 1]} />
      ))}
    </ol>
  )
}

interface Props {
  runId: string
  /** 1: the agent reads it next. */
  place: number
  input: RunInput
  before: RunInput | undefined
}

function QueuedMessage({ runId, place, input, before }: Props) {
  const { edit, remove } = useInputActions(runId)
  const [text, setText] = useState<string | null>(null)
  const save = () => {
    if (text === null || text.trim() === '') return
    edit.mutate({ n: input.n, text }, { onSuccess: () => setText(null), onError: toastFailure })
  }
  if (text !== null) {
    return (
      <li className={styles.editing}>
        <textarea
          aria-label="Queued message"
          className={styles.field}
          rows={1}
          // biome-ignore lint/a11y/noAutofocus: the person just asked to edit it
          autoFocus
          value={text}
          onChange={event => setText(event.target.value)}
          onKeyDown={event => {
            if (event.key === 'Escape') setText(null)
            if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) save()
          }}
        />
        <Button small onClick={() => setText(null)}>
          Cancel
        </Button>
        <Button small look="primary" disabled={edit.isPending} onClick={save}>
          Save
        </Button>
      </li>
    )
  }
  return (
    <li className={styles.queued}>
      <span className={styles.place}>{place}</span>
      <span className="truncate">
        <Said>{firstLineOf(input.text)}</Said>
        {withImages(input.images.length)}
      </span>
      {before && (
        <IconButton
          icon={ArrowUp}
          label="Read it sooner"
          onClick={() => edit.mutate({ n: input.n, before: before.n }, { onError: toastFailure })}
        />
      )}
      <IconButton icon={Pencil} label="Edit queued message" onClick={() => setText(input.text)} />
      <IconButton icon={X} label="Take it back" onClick={() => remove.mutate(input.n, { onError: toastFailure })} />
    </li>
  )
}
