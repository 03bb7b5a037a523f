import { activityHours } from '#contract/fleet/activity'
import type { Busy } from './activity.ts'
import styles from './activity-strip.module.css'

const width = 96
const height = 20
const step = width / activityHours
/** An agent that did next to nothing all day fills no bar with it. */
const fullMs = 15 * 60_000

/** Twelve hours as bars, each as high as it was busy beside the busiest of them. `live`: the last hour goes on. */
export function ActivityStrip({ busy, live }: { busy: Busy | undefined; live: boolean }) {
  const most = Math.max(fullMs, ...(busy ?? []))
  const total = (busy ?? []).reduce((sum, ms) => sum + ms, 0)
  const words = `${total === 0 ? 'Not busy' : `Busy for ${inWords(total)}`} in the last ${activityHours} hours`
  return (
    <svg
      className={styles.strip}
      data-live={live || undefined}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={words}
    >
      <title>{words}</title>
      {Array.from({ length: activityHours }, (_, hour) => {
        const ms = busy?.[hour] ?? 0
        const high = ms === 0 ? 1 : Math.max(2, Math.round((ms / most) * (height - 1) * 10) / 10)
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: the hours are their places
            key={hour}
            x={hour * step + 0.5}
            y={height - high}
            width={step - 1}
            height={high}
            data-still={ms === 0 || undefined}
          />
        )
      })}
    </svg>
  )
}

function inWords(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  if (minutes === 0) return 'under 1 min'
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
