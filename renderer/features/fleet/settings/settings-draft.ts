import type { Agent, NewAgent, Provider } from '#contract/fleet/agents'
import type { PermissionMode } from '#contract/runs/runs'

/** The settings of an agent as they are typed: lists one a line, numbers as text. */
export interface SettingsDraft {
  name: string
  slug: string
  glyph: string
  description: string
  team: string
  managerId: string
  tags: string
  capabilities: string
  runtime: string
  provider: '' | Provider
  model: string
  fallbackModels: string
  where: 'private' | 'folder'
  cwd: string
  permissionMode: PermissionMode
  allowedTools: string
  role: string
  instructions: string
  mcps: 'all' | 'some'
  mcpIds: readonly string[]
  dailyTokens: string
  monthlyTokens: string
  warnPercent: string
}

export const freshDraft: SettingsDraft = {
  name: '',
  slug: '',
  glyph: '',
  description: '',
  team: '',
  managerId: '',
  tags: '',
  capabilities: '',
  runtime: '',
  provider: '',
  model: '',
  fallbackModels: '',
  where: 'private',
  cwd: '',
  permissionMode: 'default',
  allowedTools: '',
  role: '',
  instructions: '',
  mcps: 'all',
  mcpIds: [],
  dailyTokens: '',
  monthlyTokens: '',
  warnPercent: '80'
}

export function draftOf(agent: Agent): SettingsDraft {
  const { limits } = agent
  return {
    name: agent.name,
    slug: agent.slug,
    glyph: agent.glyph ?? '',
    description: agent.description,
    team: agent.team ?? '',
    managerId: agent.managerId ?? '',
    tags: agent.tags.join('\n'),
    capabilities: agent.capabilities.join('\n'),
    runtime: agent.runtime ?? '',
    provider: agent.provider ?? '',
    model: agent.model ?? '',
    fallbackModels: agent.fallbackModels.join('\n'),
    where: agent.cwd === null ? 'private' : 'folder',
    cwd: agent.cwd ?? '',
    permissionMode: agent.permissionMode,
    allowedTools: agent.allowedTools.join('\n'),
    role: agent.role,
    instructions: agent.instructions,
    mcps: agent.mcpIds === null ? 'all' : 'some',
    mcpIds: agent.mcpIds ?? [],
    dailyTokens: limits.dailyTokenBudget?.toString() ?? '',
    monthlyTokens: limits.monthlyTokenBudget?.toString() ?? '',
    warnPercent: String(Math.round(limits.alertThreshold * 100))
  }
}

/** What is called what, by the names of the API under which the server tells faults. */
export const fieldTitles: Partial<Record<keyof NewAgent, string>> = {
  name: 'Name',
  slug: 'Short name',
  glyph: 'Sign',
  description: 'Description',
  team: 'Team',
  managerId: 'Manager',
  tags: 'Tags',
  capabilities: 'Capabilities',
  runtime: 'Runtime',
  provider: 'Provider',
  model: 'Model',
  fallbackModels: 'Fallback models',
  cwd: 'Folder',
  permissionMode: 'Permissions',
  allowedTools: 'Tools that never ask',
  role: 'Role',
  instructions: 'Instructions',
  mcpIds: 'MCP servers',
  limits: 'Token limits'
}

type Checked = { values: NewAgent } | { errors: Record<string, string> }

/** What the API is told, or the faults that can be seen without asking it. */
export function settingsOf(draft: SettingsDraft): Checked {
  const errors: Record<string, string> = {}
  if (draft.name.trim() === '') errors.name = 'Give it a name'
  if (draft.where === 'folder' && draft.cwd.trim() === '') errors.cwd = 'Name a folder, or choose a private one'
  const daily = tokensOf(draft.dailyTokens)
  const monthly = tokensOf(draft.monthlyTokens)
  if (Number.isNaN(daily)) errors['limits.dailyTokenBudget'] = 'A whole number above 0, or nothing'
  if (Number.isNaN(monthly)) errors['limits.monthlyTokenBudget'] = 'A whole number above 0, or nothing'
  const warn = Number(draft.warnPercent.trim() || Number.NaN)
  if (!(warn >= 0 && warn <= 100)) errors['limits.alertThreshold'] = 'A percentage from 0 to 100'
  if (Object.keys(errors).length > 0) return { errors }
  return {
    values: {
      name: draft.name.trim(),
      ...(draft.slug.trim() === '' ? {} : { slug: draft.slug.trim() }),
      glyph: orNull(draft.glyph),
      description: draft.description,
      team: orNull(draft.team),
      managerId: orNull(draft.managerId),
      tags: linesOf(draft.tags),
      capabilities: linesOf(draft.capabilities),
      runtime: orNull(draft.runtime),
      provider: draft.provider === '' ? null : draft.provider,
      model: orNull(draft.model),
      fallbackModels: linesOf(draft.fallbackModels),
      cwd: draft.where === 'private' ? null : draft.cwd.trim(),
      permissionMode: draft.permissionMode,
      allowedTools: linesOf(draft.allowedTools),
      role: draft.role,
      instructions: draft.instructions,
      mcpIds: draft.mcps === 'all' ? null : [...draft.mcpIds],
      limits: { dailyTokenBudget: daily, monthlyTokenBudget: monthly, alertThreshold: warn / 100 }
    }
  }
}

function orNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim()
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean)
}

/** 200000, also as 200,000 or 200 000; null: no limit; NaN: no such number. */
function tokensOf(text: string): number | null {
  const plain = text.replace(/[\s,_]/g, '')
  if (plain === '') return null
  const tokens = Number(plain)
  return Number.isSafeInteger(tokens) && tokens > 0 ? tokens : Number.NaN
}
