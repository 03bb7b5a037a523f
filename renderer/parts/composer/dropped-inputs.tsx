import { CornerDownLeft, X } from 'lucide-react'
import { isEnded, type Run, type RunInput } from '#contract/runs/runs'
import { firstLineOf } from '../../lib/format.ts'
import { IconButton } from '../../ui/button.tsx'
import { toastFailure } from '../../ui/toast.tsx'
import { filesOf } from '../images/run-images.tsx'
import { withImages } from '../images/with-images.ts'
import { useInputActions, useInputs } from '../runs.ts'
import styles from './composer.module.css'

interface Props {
  run: Run
  text: string
  setText: (text: string) => void
  addImages: (files: readonly File[]) => Promise<void>
}

/** Messages that the agent did not read before the run ended: each can go into the follow-up, or be let go. */
export function DroppedInputs({ run, text, setText, addImages }: Props) {
  const ended = isEnded(run.status)
  const inputs = useInputs(run.id, ended).data?.data.filter(one => one.status === 'dropped') ?? []
  const { remove } = useInputActions(run.id)
  if (!ended || inputs.length === 0) return null
  const take = async (input: RunInput) => {
    // Its images go with it.
    await addImages(await filesOf(run.id, input.images))
    setText(text.trim() === '' ? input.text : `${text}\n\n${input.text}`)
    remove.mutate(input.n, { onError: toastFailure })
  }
  return (
    <ol className={styles.queue} aria-label="Messages that were not read">
      {inputs.map(input => (
        <li key={input.n} className={styles.queued}>
          <span className="truncate">
            Not read: {firstLineOf(input.text)}
            {withImages(input.images.length)}
          </span>
          <IconButton
            icon={CornerDownLeft}
            label="Put it into the follow-up"
            onClick={() => void take(input).catch(toastFailure)}
          />
          <IconButton icon={X} label="Let it go" onClick={() => remove.mutate(input.n, { onError: toastFailure })} />
        </li>
      ))}
    </ol>
  )
}
