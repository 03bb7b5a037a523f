import { useState } from 'react'
import type { Approval } from '#contract/runs/approvals'
import { wordsOf } from '../../lib/call.ts'
import { useNarrow } from '../../lib/narrow.ts'
import { AnswerButtons } from './answer-buttons.tsx'
import { AnswerThumb } from './answer-thumb.tsx'
import type { Mode } from './answering.ts'
import styles from './approval-answer.module.css'
import { EditedAnswer } from './approval-edit.tsx'
import { PatternAnswer } from './approval-pattern.tsx'
import { QuestionForm } from './approval-questions.tsx'
import { requestOf } from './approval-request.ts'
import { type Decision, useDecide } from './approvals.ts'
import { TrustAnswer } from './trust/trust-answer.tsx'
import { useGuard } from './use-guard.ts'

interface Props {
  approval: Approval
  /** Why it cannot be allowed yet; denying needs no reason to wait. */
  notYet?: string | null
  onDecided?: () => void
  /** The answer was taken back in time. */
  onUndone?: (approval: Approval) => void
}

const buttons: Mode = { name: 'buttons' }

/**
 * The buttons under a request. The region around them listens to the keys that stand on them (`answerHotkeys`) and calls
 * them by their `data-answer`: whatever way an answer is given, it passes here.
 */
export function ApprovalAnswer({ approval, notYet = null, onDecided, onUndone }: Props) {
  const [mode, setMode] = useState<Mode>(buttons)
  const decide = useDecide(approval.id, onUndone)
  const { settled, region, button } = useGuard()
  const narrow = useNarrow()
  const pending = decide.isPending
  const answer = (decision: Decision) => {
    if (pending || !settled || (decision.allow && notYet !== null)) return
    decide.mutate(decision, { onSuccess: onDecided })
  }
  const leave = () => setMode(buttons)
  const request = requestOf(approval)
  const answering = { approval, pending, button, notYet, answer, onMode: setMode }
  return (
    <div className={styles.whole} {...region}>
      {request.kind === 'question' && request.questions.length > 0 ? (
        <QuestionForm
          approval={approval}
          questions={request.questions}
          button={button}
          pending={pending}
          answer={answer}
        />
      ) : request.kind === 'trust' ? (
        <TrustAnswer
          approval={approval}
          button={button}
          pending={pending}
          onTrust={content => answer({ allow: true, scope: 'once', content })}
          onWithout={() => answer({ allow: false, reason: '' })}
        />
      ) : mode.name === 'edit' ? (
        <EditedAnswer
          edit={mode.edit}
          onText={text => setMode({ name: 'edit', edit: { ...mode.edit, text } })}
          pending={pending}
          onAllow={() =>
            answer({ allow: true, scope: 'once', input: { ...approval.input, [mode.edit.field]: mode.edit.text } })
          }
          onLeave={leave}
        />
      ) : mode.name === 'pattern' ? (
        <PatternAnswer
          approval={approval}
          pattern={mode.pattern}
          onPattern={pattern => setMode({ name: 'pattern', pattern })}
          pending={pending}
          onAllow={() => answer({ allow: true, scope: 'run', pattern: mode.pattern })}
          onLeave={leave}
        />
      ) : narrow ? (
        <AnswerThumb {...answering} />
      ) : (
        <AnswerButtons {...answering} />
      )}
      {decide.isError && (
        <p className={styles.fault} role="alert">
          {wordsOf(decide.error)}
        </p>
      )}
    </div>
  )
}
