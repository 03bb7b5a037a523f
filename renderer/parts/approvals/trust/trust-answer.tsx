import type { Approval } from '#contract/runs/approvals'
import { Button } from '../../../ui/button.tsx'
import styles from './trust.module.css'
import { trustOf, withoutWords } from './trust.ts'

interface Props {
  approval: Approval
  /** Attributes of a button that answers. */
  button: (disabled: boolean) => object
  pending: boolean
  onTrust: (content: string) => void
  onWithout: () => void
}

/** Trust has no key: it is given by looking, pointing and meaning it. Going on without it is D. */
export function TrustAnswer({ approval, button, pending, onTrust, onWithout }: Props) {
  const request = trustOf(approval)
  return (
    <div className={styles.answer}>
      {request && (
        <Button look="primary" {...button(pending)} onClick={() => onTrust(request.content)}>
          Trust this content
        </Button>
      )}
      <Button hotkey="d" data-answer="deny" {...button(pending)} onClick={onWithout}>
        Go on without it
      </Button>
      <p className={styles.note}>Trust covers exactly this content. Any change asks again.</p>
      {request && <p className={styles.note}>Without it: {withoutWords(request.acts)}.</p>}
    </div>
  )
}
