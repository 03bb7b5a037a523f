import { duration } from '../../../lib/format.ts'
import { Said } from '../../../ui/said.tsx'
import { decisionWords } from '../../approvals/approval-words.ts'
import { useApproval } from '../../approvals/approvals.ts'
import { useWho } from '../../who.ts'
import type { Asked } from '../stream/rows.ts'
import styles from './tool-call-row.module.css'

/** Who let a call pass, at the far end of its line. That it was denied stands there anyway. */
export function DecisionFact({ asked: { decision } }: { asked: Asked }) {
  const who = useWho()
  if (!decision?.by) return null
  const verb = { approved: decision.approvalKind === 'tool' ? 'allowed ' : '', denied: '' }[decision.state as string]
  if (verb === undefined) return null
  return (
    <span className={styles.decision}>
      {verb}by {who(decision.by)}
    </span>
  )
}

/** Why it was denied, or what was answered; `whole` says the decision in full too. */
export function DecisionWords({ asked: { request, decision }, whole }: { asked: Asked; whole?: boolean }) {
  const { data: approval } = useApproval(request.approvalId)
  const who = useWho()
  if (!decision) return null
  const { words } = decisionWords({ kind: request.approvalKind, state: decision.state, scope: approval?.scope })
  const said = decision.state === 'denied' ? (decision.reason ?? approval?.denyReason) : decision.answer
  const by = decision.by ? ` by ${who(decision.by)}` : ''
  const after = typeof decision.waitedMs === 'number' ? ` after ${duration(decision.waitedMs)}` : ''
  if (!whole && !said) return null
  return (
    <div className={styles.said} data-boxed={whole || undefined}>
      {whole && (
        <p>
          {words}
          {by}
          {after}
        </p>
      )}
      {said && (
        <p className={styles.words}>
          {decision.state === 'denied' ? (
            <>
              “<Said>{said}</Said>”
            </>
          ) : (
            <Said>{said}</Said>
          )}
        </p>
      )}
    </div>
  )
}
