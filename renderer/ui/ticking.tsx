import { clock } from '../lib/format.ts'
import { useNow } from '../lib/now.ts'

/** Time since `from`, ticking once a second. */
export function Ticking({ from }: { from: string }) {
  const now = useNow()
  return <>{clock(now - Date.parse(from))}</>
}
