import { useEffect, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { createKey, deleteKey } from '#contract/people/keys'
import { call } from '../../../lib/call.ts'
import { useHotkeys } from '../../../lib/hotkeys.ts'
import { useMay } from '../../../parts/who.ts'
import { Button, classOf } from '../../../ui/button.tsx'
import { Empty } from '../../../ui/notice.tsx'
import { Bar, Gap, Title } from '../../../ui/page.tsx'
import { toastFailure } from '../../../ui/toast.tsx'
import styles from './connect.module.css'
import type { NewRunner } from './connect-command.ts'
import { FirstHeartbeat, useConnected } from './first-heartbeat.tsx'
import { NewRunnerForm } from './new-runner-form.tsx'
import { TheCommand } from './the-command.tsx'

/** What was made for a runner; it is gone when the page is left. */
interface Made extends NewRunner {
  keyId: string
  key: string
  since: string
}

/** Another machine joins: what to run there, and that it did. */
export function ConnectPage() {
  const may = useMay('admin')
  const [, navigate] = useLocation()
  const [made, setMade] = useState<Made | null>(null)
  const found = useConnected(made)
  // Its key is shown only here: no single key leaves while nothing has called yet.
  const leaves = made === null || found !== undefined
  useHotkeys(leaves ? [{ keys: 'Escape', label: 'Close', run: () => navigate('/runners') }] : [])
  useEffect(() => {
    document.title = 'Connect a runner · Flotilla'
  }, [])
  const make = async (runner: NewRunner) => {
    const body = { name: `Runner ${runner.name}`, scopes: ['runner' as const] }
    const { id, key, createdAt } = await call(createKey, { body })
    setMade({ ...runner, keyId: id, key, since: createdAt })
  }
  const startOver = async () => {
    if (made) await call(deleteKey, { params: { id: made.keyId } }).catch(toastFailure)
    setMade(null)
  }
  return (
    <>
      <Bar back={{ href: '/runners', label: 'Runners' }}>
        <Title>Connect a runner</Title>
        <Gap />
        <Button {...(leaves && { hotkey: 'Escape' })} onClick={() => navigate('/runners')}>
          Close
        </Button>
      </Bar>
      <div className={styles.page}>
        {may ? (
          <>
            <p className={styles.words}>
              A runner only calls out. It needs no open port on its machine, and refuses any folder you have not
              allowed.
            </p>
            <ol className={styles.steps}>
              <NewRunnerForm made={made} onSubmit={make} onStartOver={() => void startOver()} />
              <TheCommand made={made} done={found !== undefined} />
              <FirstHeartbeat awaited={made !== null} found={found} />
            </ol>
          </>
        ) : (
          <Empty
            title="This is for those who run Flotilla"
            action={
              <Link href="/runners" className={classOf()}>
                Runners
              </Link>
            }
          >
            Ask an owner or an admin to connect a runner.
          </Empty>
        )}
      </div>
    </>
  )
}
