import { suggestionsFor } from '../../../parts/runtime-words.ts'
import { Field, TextArea } from '../../../ui/field.tsx'
import styles from './launch.module.css'
import type { Launching } from './use-launch-draft.ts'

interface Props {
  launching: Launching
  autoFocus?: boolean
  rows?: number
}

export function PromptField({ launching, autoFocus, rows = 4 }: Props) {
  const { draft, set, errors, chosen, submit } = launching
  return (
    <div className={styles.stack}>
      <Field label="Prompt" hideLabel error={errors.prompt}>
        {control => (
          <TextArea
            {...control}
            autoFocus={autoFocus}
            rows={rows}
            placeholder="What should the agent do?"
            value={draft.prompt}
            onChange={event => set({ prompt: event.target.value })}
            onKeyDown={event => {
              if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
                event.preventDefault()
                submit()
              }
            }}
          />
        )}
      </Field>
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
