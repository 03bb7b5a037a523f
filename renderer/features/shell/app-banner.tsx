import { useEffect, useState } from 'react'
import { shortTimeOfDay } from '../../lib/format.ts'
import { reconnectNow, useLive } from '../../lib/live.ts'
import { useSystem } from '../../parts/system.ts'
import { Button } from '../../ui/button.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { DemoBanner } from './demo-banner.tsx'
import styles from './shell.module.css'

/** Short losses are not worth a word: a restart of the control plane takes about as long. */
const patienceMs = 1500

/** Trouble of the whole app: at most one line under the top, the worst first. */
export function AppBanner() {
  const { store, demo } = useSystem().data ?? {}
  const lostSince = useLost()
  if (store?.status === 'failing') {
    return (
      <div className={styles.banner} data-urgent="" role="alert">
        <Glyph tone="failed" />
        <span>
          Nothing can be saved: {store.detail ?? 'the data folder cannot be written'}. Runs cannot go on until it can.
        </span>
      </div>
    )
  }
  if (lostSince !== null) return <LiveBanner since={lostSince} />
  return demo ? <DemoBanner /> : null
}

/** From when what is shown is, as soon as it may be old; null: it is not. */
function useLost(): string | number | null {
  const live = useLive()
  const since = live.name === 'lost' ? live.since : null
  const [shown, setShown] = useState(false)
  useEffect(() => {
    if (since === null) return setShown(false)
    const timer = setTimeout(() => setShown(true), patienceMs)
    return () => clearTimeout(timer)
  }, [since])
  return shown ? since : null
}

function LiveBanner({ since }: { since: string | number }) {
  return (
    <div className={styles.banner} role="status">
      <Glyph tone="queued" />
      <span>Reconnecting. Showing {shortTimeOfDay(since)}.</span>
      <Button small onClick={reconnectNow}>
        Try now
      </Button>
    </div>
  )
}
