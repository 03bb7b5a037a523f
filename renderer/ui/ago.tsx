import { age, exactTime } from '../lib/format.ts'
import { useMinute } from '../lib/now.ts'
import { Tooltip } from './tooltip.tsx'

/** A relative time that can say the exact one. */
export function Ago({ ts, ago = false }: { ts: string; ago?: boolean }) {
  const now = useMinute()
  return (
    <Tooltip text={exactTime(ts)}>
      <time dateTime={ts}>{age(ts, now, ago)}</time>
    </Tooltip>
  )
}
