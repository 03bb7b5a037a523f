import { useId } from 'react'
import type { RuntimeReport } from '#contract/runners/runners'
import { Choice } from '../../ui/choice.tsx'
import { Status } from '../../ui/glyph.tsx'
import { RuntimeRemedy } from '../runtime-remedy.tsx'
import { runtimeState } from '../runtime-words.ts'
import styles from './launch.module.css'
import type { Launching } from './use-launch-draft.ts'

/** What was detected, what is missing and how to get it. Only what is ready can be chosen. */
export function RuntimeField({ launching, agentsOnly }: { launching: Launching; agentsOnly?: boolean }) {
  const { reports, runner, chosen, set, errors } = launching
  const group = useId()
  const offered = reports.filter(report => !agentsOnly || report.kind !== 'program')
  return (
    <div className={styles.stack}>
      <div className={styles.three}>
        {!runner && <Awaited />}
        {offered.map(report => (
          <RuntimeChoice
            key={report.id}
            report={report}
            runnerId={runner?.id ?? ''}
            group={group}
            checked={report.id === chosen?.id}
            onChoose={() => set({ runtime: report.id, model: '' })}
          />
        ))}
      </div>
      {errors.runtime && (
        <p className={styles.fault} role="alert">
          {errors.runtime}
        </p>
      )}
    </div>
  )
}

/** Takes the room of what will stand there, so that nothing moves when it does. */
function Awaited() {
  return (
    <p className={`${styles.runtime} ${styles.awaited}`}>
      Waiting for the runner of this computer to report what it found.
    </p>
  )
}

interface Props {
  report: RuntimeReport
  runnerId: string
  group: string
  checked: boolean
  onChoose: () => void
}

function RuntimeChoice({ report, runnerId, group, checked, onChoose }: Props) {
  const { tone, words } = runtimeState(report)
  const { note } = report
  const ready = report.state === 'ready'
  return (
    <Choice
      className={styles.runtime}
      group={group}
      checked={checked}
      disabled={!ready}
      onChoose={onChoose}
      title={report.title}
      note={
        <>
          <span className={styles.state}>
            <Status tone={tone}>{words}</Status>
          </span>
          {note && <span className={styles.block}>{note}</span>}
        </>
      }
    >
      {!ready && report.state !== 'looking' && <RuntimeRemedy report={report} runnerId={runnerId} />}
    </Choice>
  )
}
