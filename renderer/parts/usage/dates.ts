const dayMs = 86_400_000

export const periods = ['day', 'week', 'month'] as const
export type Period = (typeof periods)[number]

/** Days (YYYY-MM-DD, UTC), both included. */
export interface Range {
  from: string
  to: string
}

export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

export function isDay(text: string | null): text is string {
  return (
    text !== null &&
    /^\d{4}-\d\d-\d\d$/.test(text) &&
    !Number.isNaN(Date.parse(text)) &&
    dayOf(Date.parse(text)) === text
  )
}

/** The period in which a day lies: the day, the seven days up to it, its whole calendar month. */
export function rangeOf(period: Period, day: string): Range {
  const at = Date.parse(day)
  switch (period) {
    case 'day':
      return { from: day, to: day }
    case 'week':
      return { from: dayOf(at - 6 * dayMs), to: day }
    case 'month':
      return { from: `${day.slice(0, 7)}-01`, to: monthEnd(day) }
  }
}

function monthEnd(day: string): string {
  const date = new Date(day)
  return dayOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0))
}

/** The one before or after: months go by months, anything else by its own length. */
export function shifted({ from, to }: Range, by: -1 | 1): Range {
  if (from.endsWith('-01') && to === monthEnd(from)) {
    const date = new Date(from)
    return rangeOf('month', dayOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + by, 1)))
  }
  const step = by * lengthOf({ from, to }) * dayMs
  return { from: dayOf(Date.parse(from) + step), to: dayOf(Date.parse(to) + step) }
}

export function lengthOf({ from, to }: Range): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / dayMs) + 1
}

function format(options: Intl.DateTimeFormatOptions): (day: string) => string {
  const formatter = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...options })
  return day => formatter.format(new Date(day)).replace(',', '')
}

/** Thu 12 Nov. */
export const dayWords = format({ weekday: 'short', day: 'numeric', month: 'short' })
/** 12 Nov. */
export const shortDay = format({ day: 'numeric', month: 'short' })
const fullDay = format({ day: 'numeric', month: 'short', year: 'numeric' })

/** 1 to 30 Nov 2026; 28 Nov to 4 Dec 2026; 12 Nov 2026. */
export function rangeWords({ from, to }: Range): string {
  if (from === to) return fullDay(from)
  if (from.slice(0, 7) === to.slice(0, 7)) return `${Number(from.slice(8))} to ${fullDay(to)}`
  return `${from.slice(0, 4) === to.slice(0, 4) ? shortDay(from) : fullDay(from)} to ${fullDay(to)}`
}
