import type { Run, TokenUsage } from '#contract/runs/runs'
import { visible } from './visible.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** 0.4 s, 41.2 s, 3:38, 1:12:05. */
export function duration(ms: number): string {
  if (ms < 0) return duration(0)
  if (ms < minute) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`
  const total = Math.floor(ms / second)
  const h = Math.floor(total / 3600)
  const m = Math.floor((total % 3600) / 60)
  const s = total % 60
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}

/** A running clock: whole seconds, so that it ticks calmly. */
export function clock(ms: number): string {
  const whole = Math.max(0, Math.floor(ms / second) * second)
  return whole < minute ? `${whole / second} s` : duration(whole)
}

function two(n: number): string {
  return String(n).padStart(2, '0')
}

/** now, 11 min, 2 h, Yesterday, Thu 19 Nov; `ago` adds the word where it fits. */
export function age(ts: string, now: number, ago = false): string {
  const then = new Date(ts)
  const ms = now - then.getTime()
  const suffix = ago ? ' ago' : ''
  if (ms < minute) return 'now'
  if (ms < hour) return `${Math.floor(ms / minute)} min${suffix}`
  if (ms < day) return `${Math.floor(ms / hour)} h${suffix}`
  if (ms < 2 * day && new Date(now - day).getDate() === then.getDate()) return 'Yesterday'
  const sameYear = new Date(now).getFullYear() === then.getFullYear()
  return new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: sameYear ? undefined : 'numeric'
  })
    .format(then)
    .replace(',', '')
}

const weekdayFormat = new Intl.DateTimeFormat('en-GB', { weekday: 'short' })
const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })

/** A moment to come, as people name it: 15:34, Mon 07:30, 1 Dec 05:00, 1 Dec 2027 05:00. */
export function upcoming(ts: string, now: number): string {
  const then = new Date(ts)
  const today = new Date(now)
  const time = shortTimeOfDay(ts)
  const ms = then.getTime() - now
  if (then.toDateString() === today.toDateString()) return time
  if (ms > 0 && ms < 6 * day) return `${weekdayFormat.format(then)} ${time}`
  const year = then.getFullYear() === today.getFullYear() ? '' : ` ${then.getFullYear()}`
  return `${dayFormat.format(then)}${year} ${time}`
}

/** How long until then: now, in 59 min, in 11 h, in 2 days. */
export function until(ts: string, now: number): string {
  const ms = Date.parse(ts) - now
  if (ms < minute) return 'now'
  if (ms < hour) return `in ${Math.floor(ms / minute)} min`
  if (ms < day) return `in ${Math.floor(ms / hour)} h`
  return `in ${count(Math.floor(ms / day), 'day')}`
}

/** How long something has waited: under 1 min, 26 min, 2 h. */
export function waited(ts: string, now: number): string {
  const words = age(ts, now)
  return words === 'now' ? 'under 1 min' : words
}

const clockFormat = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const shortClockFormat = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const dateAndTimeFormat = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit'
})
const dateFormat = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' })
const exactFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' })

export function timeOfDay(ts: string | number): string {
  return clockFormat.format(new Date(ts))
}

export function shortTimeOfDay(ts: string | number): string {
  return shortClockFormat.format(new Date(ts))
}

const stampFormat = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit'
})

/** 30 Nov 14:33:46, with the year when it is not this one: where the moment itself is what is asked for. */
export function stamp(ts: string, now: number = Date.now()): string {
  const { day, month, year, hour, minute, second } = Object.fromEntries(
    stampFormat.formatToParts(new Date(ts)).map(part => [part.type, part.value])
  )
  const date = year === String(new Date(now).getFullYear()) ? `${day} ${month}` : `${day} ${month} ${year}`
  return `${date} ${hour}:${minute}:${second}`
}

export function date(ts: string): string {
  return dateFormat.format(new Date(ts))
}

export function dateAndTime(ts: string): string {
  return dateAndTimeFormat.format(new Date(ts))
}

/** The locale says AM and PM, which takes more room. */
export const twelveHours = clockFormat.resolvedOptions().hour12 === true

export function exactTime(ts: string): string {
  return exactFormat.format(new Date(ts))
}

const moneyFormat = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' })
const exactMoneyFormat = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  minimumFractionDigits: 4,
  maximumFractionDigits: 4
})

/** $1.26, <$0.01, – when nothing was spent, n/a when nobody knows. */
export function money(usd: number | null): string {
  if (usd === null) return 'n/a'
  if (usd === 0) return '–'
  return usd < 0.01 ? '<$0.01' : moneyFormat.format(usd)
}

/** What a run cost. One that used no model cost nothing; of one that did, the price may be unknown. */
export function spent({ costUsd, usage }: { costUsd: number | null; usage: TokenUsage }): string {
  return money(costUsd === null && totalTokens(usage) === 0 ? 0 : costUsd)
}

export function exactMoney(usd: number | null): string {
  return usd === null ? 'The runtime reported no price' : exactMoneyFormat.format(usd)
}

/** 940, 31k, 61.8M. */
export function tokens(n: number): string {
  if (n < 1000) return String(n)
  if (n < 999_500) return `${Math.round(n / 1000)}k`
  return `${(n / 1_000_000).toFixed(1)}M`
}

/** 940, 184.2k, 61.8M: one digit more, for headlines. */
export function headlineTokens(n: number): string {
  if (n < 1000) return String(n)
  if (n < 999_950) return `${(n / 1000).toFixed(1)}k`
  return `${(n / 1_000_000).toFixed(1)}M`
}

export function totalTokens(usage: TokenUsage): number {
  return usage.inputTokens + usage.outputTokens + usage.cacheReadTokens + usage.cacheWriteTokens
}

export function exactTokens(usage: TokenUsage): string {
  const n = (value: number) => value.toLocaleString('en-US')
  return `${n(usage.inputTokens)} in, ${n(usage.outputTokens)} out, ${n(usage.cacheReadTokens)} read from cache, ${n(usage.cacheWriteTokens)} written to cache`
}

/** 940 B, 31 kB, 4.2 MB, 1.8 GB; as disks are counted, by thousands. */
export function bytes(n: number): string {
  if (n < 1000) return `${n} B`
  const step = Math.min(units.length - 1, Math.floor(Math.log10(n) / 3) - 1)
  const value = n / 1000 ** (step + 1)
  return `${value < 10 && step > 0 ? value.toFixed(1) : Math.round(value)} ${units[step]}`
}

const units = ['kB', 'MB', 'GB', 'TB']

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`
}

/** Last part of a path, which is what people call a folder. */
export function folderName(path: string): string {
  const parts = path.split(/[\\/]/).filter(Boolean)
  return parts.at(-1) ?? path
}

/** What people call a run: as one of them named it, else the first line of its prompt. */
export function titleOf({ title, input }: Pick<Run, 'title' | 'input'>): string {
  return firstLineOf(title ?? input.replace(markup, ''))
}

/** Of Markdown, before the first words: a heading, a point of a list, a quotation. */
const markup = /^\s*(?:#{1,6}|[-*+>]|\d{1,3}[.)])\s+/

/** With what would deceive the eye spelt out. */
export function firstLineOf(text: string): string {
  const line = visible(text.trimStart().split('\n', 1)[0] ?? '')
  return line.length > 200 ? `${line.slice(0, 200)}…` : line
}
