import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ChevronDown, ChevronUp, Laptop, RefreshCw, Server, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { type Runner, refreshRuntimes } from '#contract/runners/runners'
import { call } from '../../lib/call.ts'
import { dateAndTime, folderName, shortTimeOfDay } from '../../lib/format.ts'
import { keys } from '../../lib/query-keys.ts'
import { isolated } from '../../lib/visible.ts'
import { useMay } from '../../parts/who.ts'
import { Ago } from '../../ui/ago.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Status } from '../../ui/glyph.tsx'
import { Said } from '../../ui/said.tsx'
import { toastFailure } from '../../ui/toast.tsx'
import { RemoveRunner } from './remove-runner.tsx'
import styles from './runners.module.css'

interface Props {
  runner: Runner
  /** Whether who reads may remove it. */
  may: boolean
  open: boolean
  /** null: it cannot be closed. */
  onToggle: (() => void) | null
}

const systems: Record<string, string> = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' }

/** One runner in a line: who it is, whether it is there, how busy, and where agents may work. */
export function RunnerRow({ runner, may, open, onToggle }: Props) {
  const { name, kind, platform, version, status } = runner
  const [removing, setRemoving] = useState(false)
  const Icon = kind === 'builtin' ? Laptop : Server
  const shown = isolated(name)
  return (
    <div className={styles.row}>
      <div className={styles.name}>
        <Icon size={18} strokeWidth={1.75} aria-hidden />
        <div>
          <h2>
            <Said>{name}</Said>
          </h2>
          <p>
            {kind === 'builtin' ? 'This computer' : 'Elsewhere'}, {version}, {systems[platform] ?? platform}
          </p>
        </div>
      </div>
      <State runner={runner} />
      <Slots {...runner} />
      <Folders dirs={runner.allowedDirs} />
      <div className={styles.buttons}>
        {status === 'online' && <LookAgain id={runner.id} name={shown} />}
        {status === 'offline' && may && (
          <IconButton icon={Trash2} label={`Remove ${shown}`} onClick={() => setRemoving(true)} />
        )}
        {onToggle && (
          <Button
            small
            icon={open ? ChevronUp : ChevronDown}
            aria-expanded={open}
            aria-label={`Details of ${shown}`}
            onClick={onToggle}
          >
            Details
          </Button>
        )}
      </div>
      {removing && <RemoveRunner runner={runner} onClose={() => setRemoving(false)} />}
    </div>
  )
}

const dayMs = 86_400_000

function sinceWhen(ts: string): string {
  return Date.now() - Date.parse(ts) < dayMs ? shortTimeOfDay(ts) : dateAndTime(ts)
}

/** An open connection is its heartbeat: while it holds there is nothing to count. */
function State({ runner: { status, statusSince, draining, lastHeartbeatAt } }: { runner: Runner }) {
  if (status === 'offline')
    return (
      <div>
        <Status tone="failed">Offline</Status>
        <p>
          Last seen <Ago ts={lastHeartbeatAt} ago />, {sinceWhen(lastHeartbeatAt)}
        </p>
      </div>
    )
  return (
    <div>
      <Status tone={draining ? 'paused' : 'done'}>{draining ? 'Finishing its runs' : 'Online'}</Status>
      <p>Connected since {sinceWhen(statusSince)}</p>
    </div>
  )
}

/** So many are drawn one by one; beyond that they are only counted. */
const drawnSlots = 16

function Slots({ activeRuns, capacity }: Pick<Runner, 'activeRuns' | 'capacity'>) {
  return (
    <div>
      {capacity <= drawnSlots && (
        <span className={styles.slots} aria-hidden>
          {Array.from({ length: capacity }, (_, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: slots have no other name
            <i key={i} data-used={i < activeRuns || undefined} />
          ))}
        </span>
      )}
      <p>
        {activeRuns} of {capacity} slots in use
      </p>
    </div>
  )
}

const namedFolders = 2

function Folders({ dirs }: { dirs: readonly string[] }) {
  const more = dirs.length - namedFolders
  return (
    <div className={styles.dirs}>
      {dirs.slice(0, namedFolders).map((dir, i) => (
        <span key={dir}>
          {i > 0 && ', '}
          <Said>{folderName(dir)}</Said>
        </span>
      ))}
      {more > 0 && <span className={styles.quiet}>, and {more} more</span>}
      {dirs.length === 0 && <span className={styles.quiet}>Private folders only</span>}
    </div>
  )
}

/** Looks for agent CLIs, their sign-in and the login shell anew. */
function LookAgain({ id, name }: { id: string; name: string }) {
  const may = useMay('write')
  const queries = useQueryClient()
  const again = useMutation({
    mutationFn: () => call(refreshRuntimes, { params: { id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.runners }),
    onError: toastFailure
  })
  if (!may) return null
  return (
    <IconButton
      icon={RefreshCw}
      label={`Look again what ${name} has`}
      disabled={again.isPending}
      onClick={() => again.mutate()}
    />
  )
}
