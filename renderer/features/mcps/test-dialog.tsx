import { useMutation } from '@tanstack/react-query'
import { useEffect } from 'react'
import { type Mcp, testMcp } from '#contract/fleet/mcps'
import { call, wordsOf } from '../../lib/call.ts'
import { count } from '../../lib/format.ts'
import { isolated } from '../../lib/visible.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Status } from '../../ui/glyph.tsx'
import { Said } from '../../ui/said.tsx'
import styles from './mcps.module.css'
import { useAskAgain } from './queries.ts'

/** Starts or calls it as a run would, and lists its tools. */
export function TestDialog({ mcp, onClose }: { mcp: Mcp; onClose: () => void }) {
  const again = useAskAgain()
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: () => call(testMcp, { params: { id: mcp.id }, body: {} }),
    onSettled: again
  })
  useEffect(() => {
    mutate()
  }, [mutate])
  return (
    <Dialog title={`Test of ${isolated(mcp.name)}`} onClose={onClose}>
      <div className={styles.test}>
        <div role="status" className={styles.outcome}>
          {isPending && (
            <>
              <Status tone="running">{mcp.transport === 'stdio' ? 'Starting it' : 'Calling it'}</Status>
              <p className={styles.note}>As a run would, on the runner of this computer; ten seconds at most.</p>
            </>
          )}
          {error && (
            <>
              <Status tone="failed">Could not be tested</Status>
              <p>{wordsOf(error)}</p>
            </>
          )}
          {data && data.status === 'ok' && (
            <Status tone="done">It answers, with {count(data.tools.length, 'tool')}</Status>
          )}
          {data && data.status !== 'ok' && (
            <>
              <Status tone="failed">Does not work</Status>
              <p>
                <Said>{data.detail ?? 'It did not say why.'}</Said>
              </p>
            </>
          )}
        </div>
        {data && data.tools.length > 0 && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it may be taller than the dialog and must scroll by keyboard
          <ul className={styles.tools} aria-label="Tools" tabIndex={0}>
            {data.tools.map(({ name, description }) => (
              <li key={name}>
                <code>
                  <Said>{name}</Said>
                </code>
                {description && (
                  <p>
                    <Said>{description}</Said>
                  </p>
                )}
              </li>
            ))}
          </ul>
        )}
        <div className={styles.actions}>
          <Button disabled={isPending} onClick={() => mutate()}>
            Test again
          </Button>
          <Button look="primary" onClick={onClose}>
            Close
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
