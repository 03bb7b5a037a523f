import { useEffect } from 'react'
import { useNarrow } from '../../lib/narrow.ts'
import { PeriodControls } from '../../parts/usage/period-controls.tsx'
import styles from '../../parts/usage/usage.module.css'
import { useUsageAddress } from '../../parts/usage/usage-address.ts'
import { UsageView } from '../../parts/usage/usage-view.tsx'
import { Bar, Gap, Title } from '../../ui/page.tsx'
import { Advice } from './advice.tsx'
import { Workforce } from './workforce.tsx'

/** What was used and spent, on what, and what may be. */
export function UsagePage() {
  const address = useUsageAddress(null)
  const narrow = useNarrow()
  useEffect(() => {
    document.title = 'Usage · Flotilla'
  }, [])
  return (
    <>
      <Bar>
        <Title>Usage</Title>
        <Gap />
        {!narrow && <PeriodControls address={address} />}
      </Bar>
      {narrow && (
        <div className={styles.tools}>
          <PeriodControls address={address} />
        </div>
      )}
      <UsageView address={address} advice={<Advice />}>
        {address.agentId === null && address.runtime === null && <Workforce period={address.period ?? 'month'} />}
      </UsageView>
    </>
  )
}
