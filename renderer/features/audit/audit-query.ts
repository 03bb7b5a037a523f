import type { z } from 'zod'
import { actorKinds, auditOutcomes, type listAudit } from '#contract/audit/audit'

/** What the log can be asked by, as it is typed and as it stands in the URL. */
export const auditFields = ['actor', 'action', 'on', 'agent', 'through', 'outcome', 'after', 'before'] as const
export type AuditField = (typeof auditFields)[number]

export type AuditAsked = Partial<Record<AuditField | 'search', string>>

interface Parsed {
  asked: AuditAsked
  /** Why a part of it cannot be meant; null: all of it can. */
  fault: string | null
}

/** `actor:you action:approval.* "two words"`: fields, and words that must all be found. */
export function parsedQuery(text: string): Parsed {
  const asked: AuditAsked = {}
  const words: string[] = []
  for (const [, name, quoted, plain] of text.matchAll(/(?:([a-z]+):)?(?:"([^"]*)"?|(\S+))/gi)) {
    const value = quoted ?? plain ?? ''
    if (name === undefined) words.push(value)
    else {
      const field = auditFields.find(one => one === name.toLowerCase())
      if (!field) return { asked: {}, fault: `There is no field “${name}”. There are ${auditFields.join(', ')}` }
      const fault = faultOf(field, value)
      if (fault !== null) return { asked: {}, fault }
      asked[field] = value
    }
  }
  const search = words.join(' ').trim()
  return { asked: { ...asked, ...(search && { search }) }, fault: null }
}

/** Why the value will not do for the field; null: it will. */
export function faultOf(field: AuditField, value: string): string | null {
  switch (field) {
    case 'through':
      return actorKinds.some(kind => kind === value) ? null : `“through” is one of ${actorKinds.join(', ')}`
    case 'outcome':
      return auditOutcomes.some(outcome => outcome === value) ? null : `“outcome” is one of ${auditOutcomes.join(', ')}`
    case 'after':
    case 'before':
      return startOfDay(value) === null ? `“${field}” takes a day, such as ${field}:${dayOf(Date.now())}` : null
    case 'actor':
    case 'action':
    case 'on':
    case 'agent':
      return value === '' ? `“${field}:” lacks what comes after it` : null
  }
}

/** As the API is asked; `me`: the name of who reads. */
export function apiQueryOf(asked: AuditAsked, me: string | undefined): Partial<z.input<typeof listAudit.query>> {
  const { actor, action, on, agent, through, outcome, after, before, search } = asked
  const from = after === undefined ? null : startOfDay(after)
  const end = before === undefined ? null : startOfDay(before)
  return {
    ...(actor && { actor: actor === 'you' ? (me ?? actor) : actor }),
    ...(action && { type: action.replace(/\.\*$/, '') }),
    ...(on && { target: on }),
    ...(agent && { agentId: agent }),
    ...(through && { kind: actorKinds.find(kind => kind === through) }),
    ...(outcome && { status: auditOutcomes.find(one => one === outcome) }),
    ...(from !== null && { from: new Date(from).toISOString() }),
    ...(end !== null && { to: new Date(end - 1).toISOString() }),
    ...(search && { search })
  }
}

/** 2026-11-30, where the reader is. */
export function dayOf(ts: number): string {
  const date = new Date(ts)
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(part => String(part).padStart(2, '0')).join('-')
}

/** `by` days from the one of `ts`. */
export function dayFrom(ts: number, by: number): string {
  const date = new Date(ts)
  return dayOf(new Date(date.getFullYear(), date.getMonth(), date.getDate() + by, 12).getTime())
}

/** When the day begins where the reader is; null for what is none. */
function startOfDay(day: string): number | null {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? []
  const start = new Date(Number(year), Number(month) - 1, Number(date))
  return year !== undefined && dayOf(start.getTime()) === day ? start.getTime() : null
}
