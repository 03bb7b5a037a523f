import { useMutation } from '@tanstack/react-query'
import { Square } from 'lucide-react'
import { stopRunDaemon } from '#contract/runs/daemons'
import type { Run } from '#contract/runs/runs'
import { call, wordsOf } from '../../../lib/call.ts'
import { IconButton } from '../../../ui/button.tsx'
import styles from './rail.module.css'

/** What the agent left on purpose, as long as it lives. */
export function Daemons({ run }: { run: Run }) {
  if (run.daemons.length === 0) return null
  return (
    <section className={styles.part}>
      <h2>Still at work</h2>
      <ul>
        {run.daemons.map(daemon => (
          <Daemon key={daemon.pid} run={run} daemon={daemon} />
        ))}
      </ul>
    </section>
  )
}

function Daemon({ run, daemon: { pid, command } }: { run: Run; daemon: Run['daemons'][number] }) {
  const stop = useMutation({ mutationFn: () => call(stopRunDaemon, { params: { id: run.id, pid: String(pid) } }) })
  const name = command || `Process ${pid}`
  return (
    <li>
      <div className={styles.daemon}>
        <span className="truncate mono" title={`${name} (pid ${pid})`}>
          {name}
        </span>
        <IconButton
          icon={Square}
          label={stop.isSuccess ? `Stopping ${name}` : `Stop ${name}`}
          disabled={stop.isPending || stop.isSuccess}
          onClick={() => stop.mutate()}
        />
      </div>
      {stop.error && (
        <p className={styles.near} role="alert">
          {wordsOf(stop.error)}
        </p>
      )}
    </li>
  )
}
