import { parse } from 'smol-toml'
import type { SettingsAct } from '#contract/runs/trust'
import { actOf } from '../folder-acts.ts'
import type { FolderSettings, FoundFile } from '../runtime.ts'
import { isRecord } from '../values.ts'

/**
 * What Codex reads by itself where it works, once the folder counts as trusted: in the folder and in those above it, up to
 * the root of the project. `trust_level` of the command leaves out all of it. Skills and AGENTS.md are words, and are read
 * always.
 */
export const folderSettings: FolderSettings = {
  sources: [
    { path: '.codex/config.toml', above: true },
    { path: '.codex/hooks.json', above: true },
    { path: '.codex/hooks', below: ['.json', '.toml'], above: true },
    { path: '.codex/rules', below: ['.rules'], above: true },
    { path: '.codex/agents', below: ['.toml'], above: true }
  ],
  own: { variable: 'CODEX_HOME', home: '.codex' },
  root: 'PWD',
  acts(file) {
    if (file.path.endsWith('.rules')) return ruleActs(file)
    const settings = parsed(file)
    // Not what we understand: the CLI may be more patient than we are.
    if (!isRecord(settings)) return [actOf(file, 'other', 'Settings that cannot be read', file.path)]
    if (/\.codex\/hooks(\/|\.json$)/.test(file.path)) return hookActs(file, settings.hooks ?? settings)
    return settingsActs(file, settings)
  }
}

/** Settings that change looks and words, or only take away. */
const harmless = new Set([
  '$schema',
  'description',
  'developer_instructions',
  'file_opener',
  'hide_agent_reasoning',
  'instructions',
  'model',
  'model_reasoning_effort',
  'model_reasoning_summary',
  'model_verbosity',
  'name',
  'nickname_candidates',
  'personality',
  'project_doc_fallback_filenames',
  'project_doc_max_bytes',
  'review_model',
  'show_raw_agent_reasoning',
  'tui'
])

type Reader = (file: FoundFile, value: unknown, name: string) => SettingsAct[]

/** What each other setting does. */
const readers: Record<string, Reader> = {
  hooks: (file, value) => hookActs(file, value),
  mcp_servers: serverActs,
  model_providers: providerActs,
  model_provider: told('request', 'Model traffic goes to another provider'),
  openai_base_url: told('request', 'Model traffic goes to another address'),
  chatgpt_base_url: told('request', 'Model traffic goes to another address'),
  notify: told('hook', 'A program runs when a turn ends'),
  approval_policy: told('permission', 'When it asks is changed'),
  approvals_reviewer: told('permission', 'Who is asked is changed'),
  sandbox_mode: told('permission', 'The sandbox is changed'),
  sandbox_workspace_write: told('permission', 'The sandbox is changed'),
  permissions: told('permission', 'Rights are changed'),
  default_permissions: told('permission', 'Rights are changed'),
  projects: told('permission', 'Folders are trusted'),
  shell_environment_policy: told('other', 'Variables are set for the commands of the agent'),
  plugins: told('plugin', 'Plugins are switched on'),
  marketplaces: told('plugin', 'Plugins are fetched')
}

function settingsActs(file: FoundFile, settings: Record<string, unknown>): SettingsAct[] {
  return Object.entries(settings).flatMap(([name, value]) => {
    if (harmless.has(name)) return []
    const reader = readers[name] ?? told('other', `Sets ${name}, of which Flotilla does not know what it does`)
    return reader(file, value, name)
  })
}

function told(kind: SettingsAct['kind'], title: string): Reader {
  return (file, value, name) => [
    actOf(file, kind, title, typeof value === 'string' ? value : JSON.stringify(value), name)
  ]
}

function hookActs(file: FoundFile, hooks: unknown): SettingsAct[] {
  if (!isRecord(hooks)) return [actOf(file, 'hook', 'Hooks that cannot be read', JSON.stringify(hooks), 'hooks')]
  return Object.entries(hooks).flatMap(([event, groups]) =>
    listOf(groups).flatMap(group => {
      const entries = isRecord(group) && Array.isArray(group.hooks) ? group.hooks : [group]
      return entries.map(entry => {
        const command = isRecord(entry) ? commandOf(entry.command) : null
        return actOf(file, 'hook', `A hook acts at ${event}`, command ?? JSON.stringify(entry), event)
      })
    })
  )
}

function serverActs(file: FoundFile, servers: unknown): SettingsAct[] {
  if (!isRecord(servers)) return [actOf(file, 'mcp', 'MCP servers that cannot be read', file.path)]
  return Object.entries(servers).map(([name, server]) => {
    if (!isRecord(server)) return actOf(file, 'mcp', `MCP server ${name} cannot be read`, JSON.stringify(server), name)
    if (typeof server.url === 'string')
      return actOf(file, 'mcp', `MCP server ${name} is called at another address`, server.url, name)
    const env = isRecord(server.env) ? Object.entries(server.env).map(([key, value]) => `${key}=${value}`) : []
    const line = [...env, server.command, ...listOf(server.args)].map(String).join(' ')
    return actOf(file, 'mcp', `MCP server ${name} is started`, line, name)
  })
}

function providerActs(file: FoundFile, providers: unknown): SettingsAct[] {
  const entries = isRecord(providers) ? Object.entries(providers) : [['', providers] as const]
  return entries.map(([name, provider]) => {
    const address = isRecord(provider) && typeof provider.base_url === 'string' ? provider.base_url : null
    return actOf(file, 'request', 'Model traffic may go to another address', address ?? JSON.stringify(provider), name)
  })
}

/** Which commands run without asking. What a rule forbids is harmless, but cannot be told apart for certain. */
function ruleActs(file: FoundFile): SettingsAct[] {
  const lines = file.text.split('\n').filter(line => !/^\s*(#|$)/.test(line))
  return lines.length === 0
    ? []
    : [actOf(file, 'permission', 'Commands may run without asking', lines.join('\n').trim(), lines[0]?.trim())]
}

function parsed(file: FoundFile): unknown {
  try {
    return file.path.endsWith('.json') ? JSON.parse(file.text) : parse(file.text)
  } catch {
    return undefined
  }
}

function commandOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  return Array.isArray(value) ? value.map(String).join(' ') : null
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
