import { isEnded, type Run } from '#contract/runs/runs'

/** A line of the list: the head of a group, or a run. */
export type Line = { type: 'head'; id: string; title: string; note: string } | { type: 'run'; id: string; run: Run }

/** Who needs a person first, then what moves, then what waits its turn, then what was, day by day. */
export function groupsOf(runs: readonly Run[], now: number): Line[] {
  const is = (...statuses: Run['status'][]) => runs.filter(run => statuses.includes(run.status))
  const needs = is('WAITING').sort((a, b) => a.statusSince.localeCompare(b.statusSince))
  const running = is('RUNNING', 'CLAIMED').sort((a, b) => sinceOf(a).localeCompare(sinceOf(b)))
  const queued = is('QUEUED').sort((a, b) => a.number - b.number)
  const ended = runs.filter(run => isEnded(run.status)).sort((a, b) => b.number - a.number)
  const days = Map.groupBy(ended, run => dayOf(run.createdAt, now))
  return [
    ...group('needs', 'Needs you', `${needs.length}, oldest first`, needs),
    ...group('running', 'Running', `${running.length}, longest first`, running),
    ...group('queued', 'Queued', `${queued.length}, in order`, queued),
    ...[...days].flatMap(([day, its]) => group(day, day, 'newest first', its))
  ]
}

function sinceOf({ startedAt, createdAt }: Run): string {
  return startedAt ?? createdAt
}

function group(id: string, title: string, note: string, runs: readonly Run[]): Line[] {
  if (runs.length === 0) return []
  return [{ type: 'head', id, title, note }, ...runs.map(run => ({ type: 'run' as const, id: run.id, run }))]
}

const dayMs = 86_400_000

/** Today, Yesterday, Thu 19 Nov, and with the year where it is another. */
export function dayOf(ts: string, now: number): string {
  const then = new Date(ts)
  if (then.toDateString() === new Date(now).toDateString()) return 'Today'
  if (then.toDateString() === new Date(now - dayMs).toDateString()) return 'Yesterday'
  const year = then.getFullYear() === new Date(now).getFullYear() ? {} : { year: 'numeric' as const }
  return new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', ...year }).format(then)
}
