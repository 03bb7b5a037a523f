import { useRef } from 'react'
import { Field, TextArea } from '../../ui/field.tsx'
import type { PromptPlace } from '../composer/suggestions.ts'
import { useMentions } from '../composer/use-mentions.tsx'
import { AddImages, ImageStrip } from '../images/image-strip.tsx'
import { suggestionsFor } from '../runtime-words.ts'
import styles from './launch.module.css'
import type { Launching } from './use-launch-draft.ts'

interface Props {
  launching: Launching
  autoFocus?: boolean
  rows?: number
}

export function PromptField({ launching, autoFocus, rows = 4 }: Props) {
  const { draft, set, errors, chosen, images, submit } = launching
  const field = useRef<HTMLTextAreaElement>(null)
  const setText = (prompt: string) => set({ prompt })
  const mentions = useMentions({ text: draft.prompt, setText, field, place: placeOf(launching), below: true })
  return (
    <div className={styles.stack} {...images.drop}>
      <Field label="Prompt" hideLabel error={errors.prompt}>
        {control => (
          <div className={styles.prompt}>
            <TextArea
              {...control}
              {...mentions.control}
              ref={field}
              autoFocus={autoFocus}
              rows={rows}
              placeholder="What should the agent do?"
              value={draft.prompt}
              onChange={event => setText(event.target.value)}
              onPaste={images.paste}
              onKeyDown={event => {
                if (mentions.took(event)) return
                if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
                  event.preventDefault()
                  submit()
                }
              }}
            />
            {mentions.list}
          </div>
        )}
      </Field>
      <div className={styles.images}>
        <AddImages images={images} />
        <ImageStrip images={images} field={field} />
        {errors.images && (
          <p className={styles.fault} role="alert">
            {errors.images}
          </p>
        )}
      </div>
      {chosen && (
        <div className={styles.suggestions}>
          <span>Or take one:</span>
          {suggestionsFor(chosen, draft.where).map(prompt => (
            <button key={prompt} type="button" onClick={() => set({ prompt })}>
              {prompt}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}

/** Where the files of the run will lie; a private folder is made when it starts. */
function placeOf({ draft, runner }: Launching): PromptPlace {
  const folder = draft.where === 'folder' ? draft.cwd.trim() : ''
  return runner && folder !== '' ? { in: 'folder', runnerId: runner.id, folder } : { in: 'nowhere' }
}
