import { useId, useState } from 'react'
import { runnerProgramPath } from '#contract/runners/runner-program'
import { Copyable } from '../../../ui/copyable.tsx'
import { Tabs } from '../../../ui/tabs.tsx'
import styles from './connect.module.css'
import { commandFor, type NewRunner, type Shell, shells } from './connect-command.ts'
import { Step } from './step.tsx'

const loopback = ['127.0.0.1', 'localhost', '[::1]']

/** Fetches the runner from here and starts it there. */
export function TheCommand({ made, done }: { made: (NewRunner & { key: string }) | null; done: boolean }) {
  const panel = useId()
  const [shell, setShell] = useState<Shell>('unix')
  if (!made) return <Step number={2} title="Run this on the other machine" state="later" />
  const title = shells.find(({ id }) => id === shell)?.title
  return (
    <Step number={2} title="Run this on the other machine" state={done ? 'done' : 'current'}>
      {loopback.includes(location.hostname) && <OnlyHere />}
      <Tabs label="System" tabs={shells} chosen={shell} onChoose={setShell} panel={panel} />
      <div id={panel} role="tabpanel" aria-label={title}>
        <Copyable label="the command" text={commandFor(shell, { ...made, url: location.origin })} />
      </div>
      <p className={styles.note}>
        It holds the key of this runner, which is shown only now; it can be revoked under API. The machine needs Node 24
        and curl. Without curl,{' '}
        <a href={runnerProgramPath} download className={styles.link}>
          download the runner file
        </a>{' '}
        here, carry it over, and leave out the first line.
      </p>
    </Step>
  )
}

function OnlyHere() {
  const port = location.port || (location.protocol === 'https:' ? '443' : '80')
  return (
    <div className={styles.reach}>
      <p>
        {location.host} reaches this computer only. Carry it over ssh first; it then holds on the other machine too:
      </p>
      <Copyable label="the tunnel" text={`ssh -N -R ${port}:127.0.0.1:${port} other-machine`} />
      <p className={styles.note}>
        Or let Flotilla listen on the network, with --host, --tls-cert and --tls-key, and open this page by that
        address.
      </p>
    </div>
  )
}
