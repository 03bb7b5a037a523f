import { useState } from 'react'
import { Link } from 'wouter'
import type { Runner } from '#contract/runners/runners'
import { useNow } from '../../../lib/now.ts'
import { useRunners } from '../../../parts/runners.ts'
import { runtimeState } from '../../../parts/runtime-words.ts'
import { classOf } from '../../../ui/button.tsx'
import { Status } from '../../../ui/glyph.tsx'
import { Said } from '../../../ui/said.tsx'
import { Ticking } from '../../../ui/ticking.tsx'
import styles from './connect.module.css'
import { Step } from './step.tsx'

interface Awaited {
  name: string
  /** It connects after this time. */
  since: string
}

const title = 'Its first heartbeat'

/** The runner that was told to connect, as soon as it has. */
export function useConnected(made: Awaited | null): Runner | undefined {
  const runners = useRunners().data?.data
  return made === null ? undefined : runners?.find(one => isIt(one, made))
}

export function FirstHeartbeat({ awaited, found }: { awaited: boolean; found: Runner | undefined }) {
  if (!awaited) return <Step number={3} title={title} state="later" />
  return (
    <Step number={3} title={title} state={found ? 'done' : 'current'}>
      {found ? <Connected runner={found} /> : <Waiting />}
    </Step>
  )
}

function isIt({ kind, status, name, statusSince }: Runner, made: Awaited): boolean {
  return kind === 'remote' && status === 'online' && name === made.name && statusSince >= made.since
}

const quietMs = 30_000

function Waiting() {
  const [from] = useState(() => Date.now())
  const now = useNow()
  return (
    <>
      <p role="status">
        <Status tone="queued">Waiting for it to call</Status>{' '}
        <span className={styles.note}>
          <Ticking from={new Date(from).toISOString()} />
        </span>
      </p>
      {now - from > quietMs && (
        <div className={styles.reach}>
          <p>Nothing yet. What it mostly is:</p>
          <ul>
            <li>the address above does not reach this computer from there: curl says so;</li>
            <li>node is not there, or older than 24: the shell or node says so;</li>
            <li>the code was used, is too old or was not copied whole: the runner says so.</li>
          </ul>
        </div>
      )}
    </>
  )
}

function Connected({ runner }: { runner: Runner }) {
  const ready = runner.runtimes.filter(({ state, kind }) => state === 'ready' && kind === 'agent')
  const looking = runner.runtimes.some(({ state }) => state === 'looking')
  return (
    <>
      <p role="status">
        <Status tone="done">Connected</Status>
      </p>
      <dl className={styles.facts}>
        <div>
          <dt>Machine</dt>
          <dd>
            <Said>{runner.hostname}</Said>, {runner.platform}
          </dd>
        </div>
        <div>
          <dt>Found on it</dt>
          <dd>
            {ready.map(report => `${report.title} ${runtimeState(report).words}`).join('; ')}
            {ready.length === 0 && (looking ? 'Still looking' : 'No agent program yet')}
          </dd>
        </div>
        <div>
          <dt>Slots</dt>
          <dd>{runner.capacity}</dd>
        </div>
      </dl>
      <p>It takes runs from now on.</p>
      <div>
        <Link href={`/runners/${runner.id}`} className={classOf('primary')}>
          Show it among the runners
        </Link>
      </div>
    </>
  )
}
