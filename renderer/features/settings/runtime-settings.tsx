import { Link } from 'wouter'
import type { Runner, RuntimeReport } from '#contract/runners/runners'
import type { PermissionMode } from '#contract/runs/runs'
import { wordsOf } from '../../lib/call.ts'
import { permissionWords } from '../../parts/permission-words.ts'
import { useRunners } from '../../parts/runners.ts'
import { runtimeState } from '../../parts/runtime-words.ts'
import { useSystem } from '../../parts/system.ts'
import { Button } from '../../ui/button.tsx'
import { Status } from '../../ui/glyph.tsx'
import { Empty, Problem, SkeletonRows } from '../../ui/notice.tsx'
import { Said } from '../../ui/said.tsx'
import { Setting } from './setting.tsx'
import styles from './settings.module.css'

/** Every runtime there is, what it can do, and on which runner it works. */
export function RuntimeSettings() {
  const system = useSystem()
  const runners = useRunners()
  const error = system.error ?? runners.error
  if (error && !(system.data && runners.data))
    return (
      <Problem
        title="The runtimes could not be read"
        action={
          <Button small onClick={() => void Promise.all([system.refetch(), runners.refetch()])}>
            Try again
          </Button>
        }
      >
        {wordsOf(error)}
      </Problem>
    )
  if (!system.data || !runners.data) return <SkeletonRows height={60} rows={4} />
  const { runtimes } = system.data
  if (runtimes.length === 0) return <Empty title="No runtime yet">They appear as soon as a runner has reported.</Empty>
  return runtimes.map(runtime => (
    <Setting key={runtime.id} title={runtime.title} note={abilitiesOf(runtime)}>
      <ul className={styles.copies}>
        {runners.data.data.map(runner => (
          <OnRunner key={runner.id} runner={runner} report={runner.runtimes.find(({ id }) => id === runtime.id)} />
        ))}
      </ul>
    </Setting>
  ))
}

function OnRunner({ runner, report }: { runner: Runner; report: RuntimeReport | undefined }) {
  const state = report ? runtimeState(report) : null
  return (
    <li>
      <div>
        <Link href={`/runners/${runner.id}`}>
          <Said>{runner.name}</Said>
        </Link>
      </div>
      {runner.status === 'offline' ? (
        <Status tone="queued">runner offline</Status>
      ) : (
        <Status tone={state?.tone ?? 'queued'}>{state?.words ?? 'not known there'}</Status>
      )}
    </li>
  )
}

type Description = Pick<RuntimeReport, 'note' | 'capabilities' | 'meter'>

/** In which modes it does not. */
function exceptIn(modes: readonly PermissionMode[] | undefined): string {
  const titles = modes?.map(mode => `“${permissionWords[mode].title}”`) ?? []
  return titles.length === 0 ? '' : ` (not in ${titles.join(', ')})`
}

/** In words, what is offered with it and how its cost is known. */
function abilitiesOf({ note, capabilities, meter }: Description): string {
  const can = [
    capabilities.resume && 'goes on in a session',
    capabilities.input && `takes messages while it runs${exceptIn(capabilities.oneTurnModes)}`,
    capabilities.questions && 'asks questions',
    capabilities.plan && 'plans first'
  ].filter(Boolean)
  const cost = meter.free
    ? 'It costs nothing.'
    : meter.price
      ? 'It says what it costs.'
      : 'Its cost comes from the price table.'
  const words = can.length === 0 ? '' : `It ${can.join(', ')}.`
  return [note, words, cost].filter(Boolean).join(' ')
}
