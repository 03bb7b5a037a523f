import { Cron } from 'croner'
import cronstrue from 'cronstrue'
import { invalid } from '#contract/errors'

/** A time that comes again and again. Nothing here looks at the clock. */
export interface Schedule {
  cron: string
  timezone: string
}

/** The zone of this computer. */
export function localZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

const fields = [
  { name: 'minute', range: '0 to 59' },
  { name: 'hour', range: '0 to 23' },
  { name: 'day of month', range: '1 to 31, or L for the last one' },
  { name: 'month', range: '1 to 12, or JAN to DEC' },
  { name: 'day of week', range: '0 to 7 (0 and 7 are Sunday), or SUN to SAT' }
] as const

/** What a name such as `@daily` stands for. */
const named = /^@[a-z]+$/i

/** Throws INVALID_REQUEST, naming the field of the expression that is wrong; `path` is what stands before the names of fields. `from`: it must come again after this. */
export function requireSchedule({ cron, timezone }: Schedule, path: string, from: number): void {
  requireZone(timezone, `${path}timezone`)
  const wrong = faultOf(cron)
  if (wrong !== null) throw invalid(`${path}cron`, wrong)
  if (nextAfter({ cron, timezone }, from) === null)
    throw invalid(`${path}cron`, `"${cron}" never comes: there is no such day`)
}

function requireZone(timezone: string, path: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone })
  } catch {
    throw invalid(path, `"${timezone}" is no time zone; name one as IANA does, such as Europe/Paris or UTC`)
  }
}

/** What is wrong with an expression, in words; null: nothing. */
function faultOf(cron: string): string | null {
  if (named.test(cron)) return readable(cron) ? null : `"${cron}" is not known; there are @hourly, @daily, @weekly, …`
  const parts = cron.split(/\s+/)
  if (parts.length === fields.length + 1)
    return 'five fields, without seconds: nothing starts more often than once a minute'
  if (parts.length !== fields.length)
    return `five fields are expected (${fields.map(({ name }) => name).join(', ')}), there are ${parts.length}`
  for (const [at, { name, range }] of fields.entries()) {
    const alone = fields.map((_, other) => (other === at ? parts[at] : '*')).join(' ')
    if (!readable(alone)) return `the ${name} "${parts[at]}" is not possible: ${range}, with * , - and /`
  }
  return readable(cron) ? null : 'it cannot be read'
}

function readable(cron: string): boolean {
  try {
    compile({ cron, timezone: 'UTC' })
    return true
  } catch {
    return false
  }
}

const compiled = new Map<string, Cron>()
const maxCompiled = 1000

/** To read one takes longer than to ask it; schedules are few, and asked again. */
function compile({ cron, timezone }: Schedule): Cron {
  const key = `${timezone} ${cron}`
  const known = compiled.get(key)
  if (known) return known
  // A time that is fixed comes once in a night on which clocks are changed, however it is written.
  const made = new Cron(cron, { mode: '5-part', timezone, paused: true, fixedTimeRule: 'no-wildcard' })
  if (compiled.size >= maxCompiled) compiled.delete(compiled.keys().next().value ?? '')
  compiled.set(key, made)
  return made
}

/** The first time after a moment, in ms; null: it never comes again. */
export function nextAfter(schedule: Schedule, time: number): number | null {
  return compile(schedule).nextRun(new Date(time))?.getTime() ?? null
}

export function nextTimes(schedule: Schedule, after: number, count: number): number[] {
  const times: number[] = []
  for (let at = nextAfter(schedule, after); at !== null && times.length < count; at = nextAfter(schedule, at))
    times.push(at)
  return times
}

/** Times looked at one by one; what is more is only known to be more. */
const most = 21

export interface Passed {
  /** Oldest first; the last ones, where there are too many. */
  times: number[]
  first: number
  /** There are more than `times`. */
  more: boolean
}

/** All times from one that was due up to now. */
export function passed(schedule: Schedule, due: number, now: number): Passed {
  const times = [due]
  for (let at = nextAfter(schedule, due); at !== null && at <= now; at = nextAfter(schedule, at)) {
    if (times.length === most) {
      const last = compile(schedule).previousRuns(most, new Date(now + 1))
      return { times: last.map(time => time.getTime()).reverse(), first: due, more: true }
    }
    times.push(at)
  }
  return { times, first: due, more: false }
}

/** "At 07:30, Monday through Friday" */
export function inWords({ cron }: Pick<Schedule, 'cron'>): string {
  const words = cronstrue.toString(cron, { use24HourTimeFormat: true, throwExceptionOnParseError: false })
  // What it cannot say stands for itself.
  return /^An error/.test(words) ? cron : words
}

/** By the clocks of the zone: `2027-03-28T03:00:00+02:00`. */
export function localTime(time: number, timezone: string): string {
  const offset = offsetMinutes(time, timezone)
  const local = new Date(time + offset * 60_000).toISOString().slice(0, 19)
  const size = Math.abs(offset)
  const digits = (n: number) => String(n).padStart(2, '0')
  return `${local}${offset < 0 ? '-' : '+'}${digits(Math.floor(size / 60))}:${digits(size % 60)}`
}

/** Of the clocks of a zone from UTC. */
export function offsetMinutes(time: number, timezone: string): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone: timezone, timeZoneName: 'longOffset' }).formatToParts(time)
  const [, sign, hours, minutes] =
    /([+-])(\d\d):(\d\d)/.exec(parts.find(({ type }) => type === 'timeZoneName')?.value ?? '') ?? []
  if (sign === undefined) return 0
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}
