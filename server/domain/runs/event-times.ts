/** Clocks that differ by no more are taken as they are: a request takes its time, too. In ms. */
const toleratedMs = 3000

/** Times of what a runner tells, in the time of the control plane. */
export type InOurTime = (ts: string) => string

/**
 * `sentAt`: what the clock of the runner said when it sent them, where it says so. By how much that is off, all of them
 * are; and none lies before its run or in the future, however often the clock was set meanwhile.
 */
export function inOurTime(sentAt: string | undefined, now: number, since: number): InOurTime {
  const off = sentAt === undefined ? 0 : now - Date.parse(sentAt)
  const shift = Math.abs(off) > toleratedMs ? off : 0
  const [first, last] = [since, now].map(iso)
  const [earliest, latest] = [since - toleratedMs, now + toleratedMs].map(iso)
  return ts => {
    const time = shift === 0 ? ts : iso(Date.parse(ts) + shift)
    // Written in one way they compare as text, which costs next to nothing.
    if (earliest !== undefined && time < earliest) return first ?? time
    return latest !== undefined && time > latest ? (last ?? time) : time
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
