import { CalendarDays, ChevronLeft, ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import { exportCosts } from '#contract/money/costs'
import { Button, Content, classOf, IconLink } from '../../ui/button.tsx'
import { periods, rangeWords, shifted } from './dates.ts'
import { RangeDialog } from './range-dialog.tsx'
import styles from './usage.module.css'
import type { UsageAddress } from './usage-address.ts'

const titles = { day: 'Day', week: 'Week', month: 'Month' }

/** Which days, and all of them as a table for other programs. */
export function PeriodControls({ address }: { address: UsageAddress }) {
  const { range, period, agentId, runtime } = address
  const [choosing, setChoosing] = useState(false)
  const file = new URLSearchParams({ ...range, ...(agentId ? { agentId } : {}), ...(runtime ? { runtime } : {}) })
  const step = (by: -1 | 1) => address.withRange(shifted(range, by), period)
  return (
    <>
      <nav className={styles.segments} aria-label="Period">
        {periods.map(one => (
          <Link key={one} href={address.withPeriod(one)} aria-current={period === one ? 'true' : undefined}>
            {titles[one]}
          </Link>
        ))}
      </nav>
      <span className={styles.range}>
        <IconLink icon={ChevronLeft} label="Earlier" href={step(-1)} />
        <Button
          icon={CalendarDays}
          aria-label={`Days: ${rangeWords(range)}. Choose others`}
          onClick={() => setChoosing(true)}
        >
          {rangeWords(range)}
        </Button>
        <IconLink icon={ChevronRight} label="Later" href={step(1)} />
      </span>
      <a className={classOf()} href={`${exportCosts.path}?${file}`} download>
        <Content>Export CSV</Content>
      </a>
      {choosing && (
        <RangeDialog
          range={range}
          onChoose={chosen => address.go({ ...chosen, period: null, day: null })}
          onClose={() => setChoosing(false)}
        />
      )}
    </>
  )
}
