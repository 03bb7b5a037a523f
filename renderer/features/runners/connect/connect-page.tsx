import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { createPairing, deletePairing, getPairing, type Pairing } from '#contract/runners/pairings'
import { call } from '../../../lib/call.ts'
import { useHotkeys } from '../../../lib/hotkeys.ts'
import { keys } from '../../../lib/query-keys.ts'
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

/** What was made for a runner; its code is gone when the page is left. */
interface Made extends NewRunner {
  id: string
  code: string
  since: string
}

/** Another machine joins: what to run there, and that it did. */
export function ConnectPage() {
  const may = useMay('admin')
  const [, navigate] = useLocation()
  const [made, setMade] = useState<Made | null>(null)
  const pairing = usePairing(made?.id)
  const found = useConnected(made)
  // Its code is shown only here: no single key leaves while nothing has called yet.
  const leaves = made === null || found !== undefined
  useHotkeys(leaves ? [{ keys: 'Escape', label: 'Close', run: () => navigate('/runners') }] : [])
  useEffect(() => {
    document.title = 'Connect a runner · Flotilla'
  }, [])
  const make = async ({ name, dirs, address }: NewRunner) => {
    const { id, code, createdAt } = await call(createPairing, { body: { name, address } })
    setMade({ name, dirs, address, id, code, since: createdAt })
  }
  const takeBack = async ({ id }: Made) => await call(deletePairing, { params: { id } }).catch(toastFailure)
  const startOver = async () => {
    if (made) await takeBack(made)
    setMade(null)
  }
  const newCode = async () => {
    if (!made) return
    await takeBack(made)
    await make(made).catch(toastFailure)
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
              <TheCommand made={made} pairing={pairing} done={found !== undefined} onNewCode={() => void newCode()} />
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

/** What became of a code: a change of it is told, and then it is asked for again. */
function usePairing(id: string | undefined): Pairing | null {
  const query = useQuery({
    queryKey: keys.pairing(id ?? ''),
    queryFn: ({ signal }) => call(getPairing, { params: { id: id ?? '' }, signal }),
    enabled: id !== undefined
  })
  return id === undefined ? null : (query.data ?? null)
}
