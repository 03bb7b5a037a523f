import type { ActorKind, NamedAuditEntry } from '#contract/audit/audit'

/** Through what something was done. */
export const throughWords: Record<ActorKind, string> = {
  owner: 'this computer',
  session: 'window',
  token: 'token',
  key: 'API key',
  runner: 'runner',
  scheduler: 'scheduler',
  system: 'Flotilla itself',
  visitor: 'nobody signed in'
}

/** Kinds of things that the log tells of, and what people call them. */
export const nounWords: Readonly<Record<string, string>> = {
  agent: 'Agents',
  run: 'Runs',
  input: 'Messages to runs',
  approval: 'Approvals',
  'approval-rule': 'Rules of approvals',
  'folder-trust': 'Trust in folders',
  task: 'Tasks',
  epic: 'Epics',
  flow: 'Flows',
  'flow-trigger': 'What starts flows',
  message: 'Messages',
  secret: 'Secrets',
  mcp: 'MCP servers',
  runner: 'Runners',
  'runner-command': 'Orders to runners',
  user: 'People',
  key: 'API keys',
  session: 'Logins',
  budget: 'Budgets',
  setting: 'Settings'
}

const pages: Readonly<Record<string, string>> = {
  agent: '/fleet',
  run: '/runs',
  approval: '/approvals',
  task: '/tasks',
  flow: '/flows'
}

/** What something was done to: its kind and its name, as far as there is one. */
export function targetWords({ target: { type, id }, targetName, after, before }: NamedAuditEntry): string {
  const facts = after ?? before
  const kept = [facts?.name, facts?.title, facts?.email].find(value => typeof value === 'string' && value !== '')
  const name = targetName ?? (typeof kept === 'string' ? kept : type === 'secret' || type === 'setting' ? id : null)
  const noun = type.replaceAll('-', ' ')
  return name === null ? noun : `${noun} ${name}`
}

/** Where it is looked at; null: it is gone, or has no page. */
export function targetAddress({ target: { type, id }, targetName }: NamedAuditEntry): string | null {
  const page = pages[type]
  return page === undefined || targetName === null ? null : `${page}/${id}`
}

/** It went wrong, or was turned away. */
export function isBad({ action, outcome }: NamedAuditEntry): boolean {
  return outcome === 'refused' || /\.(failed|lost|timed_out|error)$/.test(action)
}

export interface Difference {
  field: string
  before: unknown
  after: unknown
}

/** Field by field, in the order of the entry. */
export function differencesOf({ before, after }: NamedAuditEntry): Difference[] {
  return Object.keys({ ...before, ...after }).map(field => ({
    field,
    before: before?.[field] ?? null,
    after: after?.[field] ?? null
  }))
}

/** `permissionMode` → permission mode. */
export function fieldWords(field: string): string {
  return field.replaceAll(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
}

const shown = 3

/** What changed, in one line. */
export function detailWords(entry: NamedAuditEntry): string {
  const told = differencesOf(entry).filter(({ before, after }) => hasValue(before) || hasValue(after))
  const facts = told.filter(({ field }) => !(entry.before === null && ['name', 'title'].includes(field)))
  const words = facts.slice(0, shown).map(difference => differenceWords(difference, entry))
  return [...words, ...(facts.length > shown ? [`${facts.length - shown} more`] : [])].join(', ')
}

function differenceWords({ field, before, after }: Difference, entry: NamedAuditEntry): string {
  const name = fieldWords(field)
  const value = valueWords(entry.after === null ? before : after)
  if (value.startsWith('(not kept')) return `${name} not kept`
  if (entry.before === null || entry.after === null) return `${name} ${value}`
  return `${name} ${hasValue(before) ? valueWords(before) : 'none'} → ${hasValue(after) ? value : 'none'}`
}

function hasValue(value: unknown): boolean {
  return value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)
}

/** A value in words: what is in a list, else JSON. */
export function valueWords(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === null || value === undefined) return '–'
  if (Array.isArray(value) && value.every(one => typeof one === 'string')) return value.join(' ')
  return JSON.stringify(value)
}
