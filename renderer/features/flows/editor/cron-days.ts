/** A time on days of the week, as most schedules are: the part of cron that can be clicked. */
export interface WeeklyTime {
  /** From Monday, 0, to Sunday, 6; in order. */
  days: readonly number[]
  /** 07:30 */
  time: string
}

export const dayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const

const all = dayNames.map((_, day) => day)
/** As cron names them; there Sunday is 0, and 7 as well. */
const cronNames = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN']

/** null: it says more than that, or less. */
export function weeklyOf(cron: string): WeeklyTime | null {
  const [minute = '', hour = '', dayOfMonth, month, dayOfWeek, ...more] = cron.trim().split(/\s+/)
  if (dayOfMonth !== '*' || month !== '*' || dayOfWeek === undefined || more.length > 0) return null
  if (!/^\d{1,2}$/.test(minute) || !/^\d{1,2}$/.test(hour) || Number(minute) > 59 || Number(hour) > 23) return null
  const days = daysOf(dayOfWeek)
  return days && { days, time: `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}` }
}

function daysOf(field: string): number[] | null {
  if (field === '*') return [...all]
  const days = new Set<number>()
  for (const part of field.split(',')) {
    const [from = '', to = from, ...more] = part.split('-')
    const [first, last] = [dayOf(from), dayOf(to)]
    if (first === null || last === null || first > last || more.length > 0) return null
    for (let day = first; day <= last; day++) days.add(day)
  }
  return [...days].sort((a, b) => a - b)
}

function dayOf(name: string): number | null {
  if (/^[0-7]$/.test(name)) return (Number(name) + 6) % 7
  const day = cronNames.indexOf(name.toUpperCase())
  return day < 0 ? null : day
}

/** The shortest that says the same: `30 7 * * 1-5`. */
export function cronOf({ days, time }: WeeklyTime): string {
  const [hour = '0', minute = '0'] = time.split(':')
  return `${Number(minute)} ${Number(hour)} * * ${days.length === all.length ? '*' : inCron(days)}`
}

/** Runs of three days or more are said as one. */
function inCron(days: readonly number[]): string {
  const runs: number[][] = []
  for (const day of days) {
    const run = runs.at(-1)
    if (run && run.at(-1) === day - 1) run.push(day)
    else runs.push([day])
  }
  // Sunday ends a week here; cron counts it as 7 where it ends one.
  const name = (day: number) => String(day + 1)
  return runs
    .flatMap(run => (run.length < 3 ? run.map(name) : [`${name(run[0] ?? 0)}-${name(run.at(-1) ?? 0)}`]))
    .join(',')
}
