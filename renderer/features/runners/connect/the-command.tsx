import { useId, useState } from 'react'
import type { Pairing } from '#contract/runners/pairings'
import { runnerProgramPath } from '#contract/runners/runner-program'
import { shortTimeOfDay } from '../../../lib/format.ts'
import { useNow } from '../../../lib/now.ts'
import { Button } from '../../../ui/button.tsx'
import { Copyable } from '../../../ui/copyable.tsx'
import { Said } from '../../../ui/said.tsx'
import { Tabs } from '../../../ui/tabs.tsx'
import styles from './connect.module.css'
import { commandFor, isLoop, type NewRunner, type Shell, shells } from './connect-command.ts'
import { Step } from './step.tsx'

interface Props {
  made: (NewRunner & { code: string }) | null
  /** As it is by now; null: not made, or gone. */
  pairing: Pairing | null
  done: boolean
  onNewCode: () => void
}

/** Fetches the runner from here and starts it there. */
export function TheCommand({ made, pairing, done, onNewCode }: Props) {
  const panel = useId()
  const [shell, setShell] = useState<Shell>('unix')
  if (!made) return <Step number={2} title="Run this on the other machine" state="later" />
  const title = shells.find(({ id }) => id === shell)?.title
  return (
    <Step number={2} title="Run this on the other machine" state={done ? 'done' : 'current'}>
      {isLoop(made.address) && <OnlyHere address={made.address} />}
      <Tabs label="System" tabs={shells} chosen={shell} onChoose={setShell} panel={panel} />
      <div id={panel} role="tabpanel" aria-label={title}>
        <Copyable label="the command" text={commandFor(shell, made)} />
      </div>
      {pairing && <CodeState pairing={pairing} onNewCode={onNewCode} />}
      <p className={styles.note}>
        The machine needs Node 24 and curl. Without curl,{' '}
        <a href={runnerProgramPath} download className={styles.link}>
          download the runner file
        </a>{' '}
        here, carry it over, and leave out the first line. Once it is paired it starts again without a code.
      </p>
    </Step>
  )
}

function CodeState({ pairing: { usedAt, usedBy, expiresAt }, onNewCode }: { pairing: Pairing; onNewCode: () => void }) {
  const now = useNow(usedAt === null)
  const tooOld = usedAt === null && now > Date.parse(expiresAt)
  if (usedAt !== null)
    return (
      <p className={styles.note} role="status">
        Its pairing code was used by <Said>{usedBy ?? ''}</Said> at {shortTimeOfDay(usedAt)}. It works once.
      </p>
    )
  return (
    <div className={styles.code}>
      <p role="status">
        {tooOld
          ? 'Its pairing code is too old by now.'
          : `Its pairing code works once, until ${shortTimeOfDay(expiresAt)}, and is shown only now.`}
      </p>
      <Button small onClick={onNewCode}>
        New code
      </Button>
    </div>
  )
}

function OnlyHere({ address }: { address: string }) {
  const { host, port } = new URL(address)
  const at = port || '80'
  return (
    <div className={styles.reach}>
      <p>{host} reaches this computer only. Carry it over ssh first; it then holds on the other machine too:</p>
      <Copyable label="the tunnel" text={`ssh -N -R ${at}:127.0.0.1:${at} other-machine`} />
      <p className={styles.note}>Or let Flotilla listen on the network, with --host 0.0.0.0.</p>
    </div>
  )
}
