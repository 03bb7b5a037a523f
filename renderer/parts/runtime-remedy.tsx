import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Download, RefreshCw } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { installRuntime, type RuntimeReport, refreshRuntimes } from '#contract/runners/runners'
import { call, wordsOf } from '../lib/call.ts'
import { keys } from '../lib/query-keys.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Ticking } from '../ui/ticking.tsx'
import styles from './runtime-remedy.module.css'

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
export function RuntimeRemedy({ report, runnerId }: { report: RuntimeReport; runnerId: string }) {
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
