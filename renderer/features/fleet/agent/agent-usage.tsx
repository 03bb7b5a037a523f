import type { Agent } from '#contract/fleet/agents'
import { PeriodControls } from '../../../parts/usage/period-controls.tsx'
import styles from '../../../parts/usage/usage.module.css'
import { useUsageAddress } from '../../../parts/usage/usage-address.ts'
import { UsageView } from '../../../parts/usage/usage-view.tsx'

/** What an agent used and spent, on what, and what it may. */
export function AgentUsage({ agent }: { agent: Agent }) {
  const address = useUsageAddress(agent.id)
  return (
    <>
      <div className={styles.tools}>
        <PeriodControls address={address} />
      </div>
      <UsageView address={address} />
    </>
  )
}
