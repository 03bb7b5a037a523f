import { date } from '../../lib/format.ts'
import { useMinute } from '../../lib/now.ts'
import { Status } from '../../ui/glyph.tsx'

const dayMs = 86_400_000
const soonDays = 14

/** When a key stops to work; one that soon does asks for somebody. */
export function Ends({ at }: { at: string | null }) {
  const now = useMinute()
  if (at === null) return <>Never</>
  const days = Math.ceil((Date.parse(at) - now) / dayMs)
  if (days <= 0) return <Status tone="failed">Ended</Status>
  if (days > soonDays) return <>{date(at)}</>
  return <Status tone="waiting">{days === 1 ? 'in a day' : `in ${days} days`}</Status>
}
