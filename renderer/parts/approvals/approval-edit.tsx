import type { Approval } from '#contract/runs/approvals'
import { Button } from '../../ui/button.tsx'
import { Field, TextArea } from '../../ui/field.tsx'
import styles from './approval-answer.module.css'

/** What of an input can be changed before it is allowed: the one text that it is about. The first that is there counts. */
const editable: readonly [field: string, label: string][] = [
  ['command', 'Command that is allowed instead'],
  ['new_string', 'Text that goes in instead'],
  ['after', 'Text that goes in instead'],
  ['replacement', 'Text that goes in instead'],
  ['content', 'Content that is written instead'],
  ['url', 'Address that is asked for instead']
]

export interface Edit {
  field: string
  label: string
  text: string
}

/** null when nothing of the request can be edited. */
export function editOf({ kind, input, editable: canChange }: Approval): Edit | null {
  if (kind !== 'tool' || !canChange) return null
  for (const [field, label] of editable) {
    const text = input[field]
    if (typeof text === 'string') return { field, label, text }
  }
  return null
}

interface Props {
  edit: Edit
  onText: (text: string) => void
  pending: boolean
  onAllow: () => void
  onLeave: () => void
}

/** What runs is what stands here; the agent is told so by what comes back. */
export function EditedAnswer({ edit: { label, text }, onText, pending, onAllow, onLeave }: Props) {
  const allow = () => text.trim() !== '' && !pending && onAllow()
  return (
    <div className={styles.edited}>
      <Field label={label}>
        {control => (
          <TextArea
            {...control}
            autoFocus
            spellCheck={false}
            rows={Math.min(10, text.split('\n').length + 1)}
            value={text}
            onChange={event => onText(event.target.value)}
            onKeyDown={event => {
              if (event.key === 'Escape') onLeave()
              if (event.key === 'Enter' && (event.metaKey || event.ctrlKey) && !event.repeat) allow()
            }}
          />
        )}
      </Field>
      <div className={styles.answer}>
        <Button
          look="primary"
          hotkey="mod+Enter"
          data-answer="edited"
          aria-disabled={pending || text.trim() === ''}
          onClick={allow}
        >
          Allow once as edited
        </Button>
        <Button onClick={onLeave}>Back</Button>
      </div>
    </div>
  )
}
