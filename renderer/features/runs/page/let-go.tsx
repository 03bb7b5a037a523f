import type { Run } from '#contract/runs/runs'
import { dateAndTime, exactTime } from '../../../lib/format.ts'
import { Said } from '../../../ui/said.tsx'
import styles from './let-go.module.css'

/** Says of runs of this chain that their events are gone by the rules of retention, and what is left of them. */
export function LetGo({ runs }: { runs: readonly Run[] }) {
  return runs.map(({ id, number, input, result, eventsRemovedAt }) =>
    eventsRemovedAt === null ? null : (
      <section key={id} className={styles.gone} aria-label={`Events of run ${number}`}>
        <p>
          The events of run #{number} were let go on{' '}
          <time title={exactTime(eventsRemovedAt)}>{dateAndTime(eventsRemovedAt)}</time>, by the rules in Settings, Data
          and backup. Prompt, result, cost and approvals stay.
        </p>
        <dl>
          <dt>Prompt</dt>
          <dd>
            <Said>{input}</Said>
          </dd>
          {result !== null && (
            <>
              <dt>Result</dt>
              <dd>
                <Said>{result}</Said>
              </dd>
            </>
          )}
        </dl>
      </section>
    )
  )
}
