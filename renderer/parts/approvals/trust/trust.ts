import type { Approval } from '#contract/runs/approvals'
import { type SettingsAct, type TrustRequest, trustRequest } from '#contract/runs/trust'

/** What a request of kind `trust` asks about; null when it says so in no form that we know. */
export function trustOf({ input }: Pick<Approval, 'input'>): TrustRequest | null {
  return trustRequest.safeParse(input).data ?? null
}

export interface ComparedAct {
  act: SettingsAct
  state: 'added' | 'changed' | 'removed' | 'as before'
  /** What it was, when it was changed. */
  was: string | null
}

const order = ['added', 'changed', 'removed', 'as before'] as const

/** What acts, beside what was trusted last: news first. Moved to another line it is still the same. */
export function comparedActs({ acts, before }: TrustRequest): ComparedAct[] {
  const left = [...(before?.acts ?? [])]
  const take = (fits: (one: SettingsAct) => boolean) => {
    const at = left.findIndex(fits)
    return at === -1 ? null : (left.splice(at, 1)[0] ?? null)
  }
  const identity = (one: SettingsAct) => JSON.stringify([one.path, one.kind, one.title])
  const same = acts.map(act => take(one => identity(one) === identity(act) && one.detail === act.detail) !== null)
  const compared = acts.map((act, at): ComparedAct => {
    if (same[at]) return { act, state: 'as before', was: null }
    const was = take(one => identity(one) === identity(act))
    return was ? { act, state: 'changed', was: was.detail } : { act, state: 'added', was: null }
  })
  const removed = left.map((act): ComparedAct => ({ act, state: 'removed', was: null }))
  return [...compared, ...removed].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state))
}

/** `2 were added and 1 changed`; empty when nothing is as a sentence can say. */
export function sumOf(compared: readonly ComparedAct[]): string {
  const parts = (['added', 'changed', 'removed'] as const).flatMap(state => {
    const n = compared.filter(one => one.state === state).length
    return n === 0 ? [] : [`${n} ${n === 1 ? 'was' : 'were'} ${state}`]
  })
  return parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}` : (parts[0] ?? '')
}

export interface ComparedFile {
  path: string
  before: string
  /** null: no text, or too long to be shown. */
  after: string | null
  changed: boolean
}

/** All files of the content, those that differ from what was trusted first. */
export function comparedFiles({ files, before }: TrustRequest): ComparedFile[] {
  const former = new Map(before?.files.map(file => [file.path, file.text]))
  const now = files.map(({ path, text }) => ({
    path,
    before: former.get(path) ?? '',
    after: text,
    changed: text === null || former.get(path) !== text
  }))
  const gone = [...former].filter(([path]) => !files.some(file => file.path === path))
  const removed = gone.map(([path, text]) => ({ path, before: text ?? '', after: '', changed: true }))
  return [...now, ...removed].sort((a, b) => Number(b.changed) - Number(a.changed))
}

const without: Record<SettingsAct['kind'], string> = {
  hook: 'no hook',
  request: 'the provider’s own address',
  mcp: 'no MCP server of the folder',
  permission: 'no rule of the folder',
  helper: 'no helper',
  plugin: 'no plugin',
  other: 'no other setting of the folder'
}

/** What a run is like that goes on without it. */
export function withoutWords(acts: readonly SettingsAct[]): string {
  return [...new Set(acts.map(({ kind }) => without[kind]))].join(', ')
}

/** What the settings reach, as far as they say so. */
export function networkWords(acts: readonly SettingsAct[]): string {
  const hosts = new Set(
    acts
      .filter(({ kind }) => kind === 'request' || kind === 'mcp')
      .flatMap(({ detail }) => detail.match(/https?:\/\/[^\s"'/]+/g) ?? [])
  )
  if (hosts.size > 0) return [...hosts].slice(0, 3).join(', ') + (hosts.size > 3 ? ` and ${hosts.size - 3} more` : '')
  return 'Not limited'
}
