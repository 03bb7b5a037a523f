import type { Approval } from '#contract/runs/approvals'
import { wordsOf } from '../../lib/call.ts'
import { count } from '../../lib/format.ts'
import { ApprovalBody } from '../../parts/approvals/approval-body.tsx'
import { useAllowEach } from '../../parts/approvals/approvals.ts'
import { AskTitle } from '../../parts/approvals/ask-title.tsx'
import { useGuard } from '../../parts/approvals/use-guard.ts'
import { Button } from '../../ui/button.tsx'
import { Shortcut } from '../../ui/key.tsx'
import styles from './approvals-page.module.css'

interface Props {
  approvals: readonly Approval[]
  onClear: () => void
}

/** Several requests, each shown whole, that are allowed once with one answer. */
export function SelectedApprovals({ approvals, onClear }: Props) {
  const allow = useAllowEach()
  const { settled, region, button } = useGuard()
  return (
    <>
      <div className={styles.inner}>
        <h2 className={styles.heading}>{count(approvals.length, 'request')} selected</h2>
        <ul className={styles.chosen}>
          {approvals.map(approval => (
            <li key={approval.id}>
              <p>
                <b>
                  <AskTitle approval={approval} />
                </b>{' '}
                {approval.runNumber !== null && <span>Run #{approval.runNumber}</span>}
              </p>
              <ApprovalBody approval={approval} />
            </li>
          ))}
        </ul>
      </div>
      <div className={styles.bar} data-bottom-bar="" {...region}>
        <div className={styles.buttons}>
          <Button
            look="primary"
            hotkey="a"
            data-answer="allow"
            {...button(allow.isPending)}
            onClick={() => !allow.isPending && settled && allow.mutate(approvals)}
          >
            {allow.isPending ? 'Allowing' : `Allow ${approvals.length === 1 ? 'it' : `all ${approvals.length}`} once`}
          </Button>
          <Button onClick={onClear} hotkey="Escape">
            Clear selection
          </Button>
          {allow.isError && <p role="alert">Not all were allowed. {wordsOf(allow.error)}</p>}
        </div>
        <p className={styles.keys}>
          <span>
            <Shortcut keys="x" /> select or leave out
          </span>
          <span className={styles.pause}>Each is allowed once, as it stands here.</span>
        </p>
      </div>
    </>
  )
}
