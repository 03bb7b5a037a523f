import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Download, RefreshCw } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import { installRuntime, type RuntimeReport, refreshRuntimes } from '#contract/runners/runners'
import { call, wordsOf } from '../../../lib/call.ts'
import { keys } from '../../../lib/query-keys.ts'
import { runtimeState } from '../../../parts/runtime-words.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Choice } from '../../../ui/choice.tsx'
import { Status } from '../../../ui/glyph.tsx'
import { Ticking } from '../../../ui/ticking.tsx'
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

/** The runner does not say when it began; since when it was seen is the least that is true. */
function Elapsed() {
  const [seen] = useState(() => new Date().toISOString())
  return (
    <p className={styles.quiet}>
      <Ticking from={seen} />
    </p>
  )
}

/** Words between backticks are something to type. */
function withCode(text: string): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: parts of a sentence never move
  return text.split('`').map((part, i) => (i % 2 === 1 ? <code key={i}>{part}</code> : part))
}

/** One that only lacks a sign-in is not helped by an installation. */
const installWords: Partial<Record<RuntimeReport['state'], string>> = {
  missing: 'Install',
  too_old: 'Update',
  broken: 'Reinstall'
}

/** How to make a runtime ready, with the progress of an installation as the runner reports it. */
function RuntimeRemedy({ report, runnerId }: { report: RuntimeReport; runnerId: string }) {
  const queries = useQueryClient()
  const onSuccess = () => queries.invalidateQueries({ queryKey: keys.runners })
  const install = useMutation({
    mutationFn: () => call(installRuntime, { params: { id: runnerId, runtime: report.id } }),
    onSuccess
  })
  const refresh = useMutation({
    mutationFn: () => call(refreshRuntimes, { params: { id: runnerId } }),
    onSuccess
  })
  const fault = install.error ?? refresh.error
  const installing = report.installable ? installWords[report.state] : undefined
  return (
    <div className={styles.remedy}>
      {report.state === 'installing' && <Elapsed />}
      {report.detail && !(report.state === 'missing' && installing !== undefined) && (
        <p className={report.state === 'installing' ? styles.lastLine : styles.detail}>{withCode(report.detail)}</p>
      )}
      {fault && (
        <p className={styles.fault} role="alert">
          {wordsOf(fault)}
        </p>
      )}
      {report.state !== 'installing' && (
        <div className={styles.actions}>
          {installing !== undefined && (
            <Button small icon={Download} disabled={install.isPending} onClick={() => install.mutate()}>
              {installing} {report.title}
            </Button>
          )}
          {installing === undefined ? (
            <Button small icon={RefreshCw} disabled={refresh.isPending} onClick={() => refresh.mutate()}>
              Check again
            </Button>
          ) : (
            <IconButton
              icon={RefreshCw}
              label="Check again"
              disabled={refresh.isPending}
              onClick={() => refresh.mutate()}
            />
          )}
        </div>
      )}
    </div>
  )
}
