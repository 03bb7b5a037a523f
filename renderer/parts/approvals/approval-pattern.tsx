import { type Approval, matchesPattern } from '#contract/runs/approvals'
import { visible } from '../../lib/visible.ts'
import { Button } from '../../ui/button.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { coveredBy, useToolCallsSoFar } from '../tool-calls-so-far.ts'
import styles from './approval-answer.module.css'

const examplesShown = 4

interface Props {
  approval: Approval
  pattern: string
  onPattern: (pattern: string) => void
  pending: boolean
  onAllow: () => void
  onLeave: () => void
}

/** A pattern of one's own, with what it would have allowed in this run so far. It must cover the request itself. */
export function PatternAnswer({ approval, pattern, onPattern, pending, onAllow, onLeave }: Props) {
  const covers = matchesPattern(pattern, approval.subject)
  const allow = () => covers && !pending && onAllow()
  return (
    <div className={styles.edited}>
      <Field
        label={`Allow every ${approval.tool} in this run that matches`}
        hint="* stands for anything, everything else for itself."
        error={covers || pattern === '' ? undefined : 'It does not match this request.'}
      >
        {control => (
          <TextInput
            {...control}
            mono
            autoFocus
            spellCheck={false}
            autoComplete="off"
            maxLength={4096}
            value={pattern}
            onChange={event => onPattern(event.target.value)}
            onKeyDown={event => {
              if (event.key === 'Escape') onLeave()
              if (event.key === 'Enter' && !event.repeat) allow()
            }}
          />
        )}
      </Field>
      <Preview approval={approval} pattern={pattern} />
      <div className={styles.answer}>
        <Button look="primary" hotkey="Enter" data-answer="pattern" aria-disabled={pending || !covers} onClick={allow}>
          Allow in this run
        </Button>
        <Button onClick={onLeave}>Back</Button>
      </div>
    </div>
  )
}

function Preview({ approval, pattern }: Pick<Props, 'approval' | 'pattern'>) {
  const calls = useToolCallsSoFar(approval)
  if (!calls || calls.length === 0) return null
  const covered = coveredBy(pattern, approval.subject, calls)
  const examples = [...new Set(covered)]
  return (
    <section className={styles.preview} aria-live="polite" aria-label="What it would have allowed">
      <p>{coverWords(covered.length, calls.length)}</p>
      <ul>
        {examples.slice(0, examplesShown).map(subject => (
          <li key={subject}>
            <Glyph tone="done" size={12} />
            <code className="truncate">{visible(subject)}</code>
          </li>
        ))}
      </ul>
      {examples.length > examplesShown && <p>and {examples.length - examplesShown} more</p>}
    </section>
  )
}

/** Covers 3 of 5 calls of this run so far. */
export function coverWords(covered: number, calls: number): string {
  return `Covers ${covered === calls ? 'all' : covered} ${covered === calls ? '' : 'of '}${calls} ${calls === 1 ? 'call' : 'calls'} of this run so far`
}
