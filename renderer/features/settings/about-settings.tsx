import { desktopVersion } from '../../lib/bridge.ts'
import { exactTime } from '../../lib/format.ts'
import { useSystem } from '../../parts/system.ts'
import { SkeletonRows } from '../../ui/notice.tsx'
import { Setting } from './setting.tsx'

/** What runs here, for a report of what went wrong. */
export function AboutSettings() {
  const { data: system } = useSystem()
  if (!system) return <SkeletonRows height={60} rows={3} />
  const desktop = desktopVersion()
  return (
    <>
      <Setting title="Version">
        <p>
          Flotilla {system.version}, {system.platform}, Node {system.node.replace(/^v/, '')}
        </p>
        {desktop && <p>Desktop {desktop}</p>}
      </Setting>
      <Setting title="Running" note="Since it was started last.">
        <p>Since {exactTime(system.startedAt)}</p>
      </Setting>
      <Setting title="Network" note="Nothing is sent anywhere by itself: no account, no updates, no statistics.">
        <p>Agents reach the providers that you signed them in to.</p>
      </Setting>
    </>
  )
}
