import type { SettingsAct } from '#contract/runs/trust'
import { actOf } from '../folder-acts.ts'
import type { FolderSettings, FoundFile } from '../runtime.ts'
import { isRecord } from '../values.ts'
import { markdownActs } from './folder-markdown.ts'

/**
 * What Claude Code reads by itself where it works, as 2.1.197 and 2.1.332 do: settings in the folder only, MCP servers,
 * agents, commands and skills also above it. `--setting-sources user` leaves out all of it.
 */
export const folderSettings: FolderSettings = {
  sources: [
    { path: '.claude/settings.json', above: false },
    { path: '.claude/settings.local.json', above: false },
    { path: '.claude/scheduled_tasks.json', above: false },
    { path: '.mcp.json', above: true },
    { path: '.claude/agents', below: ['.md'], above: true },
    { path: '.claude/commands', below: ['.md'], above: true },
    { path: '.claude/skills', below: ['.md', '.json'], above: true },
    { path: '.claude/workflows', below: ['.js', '.ts', '.mjs', '.json'], above: true }
  ],
  own: { variable: 'CLAUDE_CONFIG_DIR', home: '.claude' },
  root: 'CLAUDE_PROJECT_DIR',
  acts(file) {
    if (file.path.endsWith('.md')) return markdownActs(file)
    if (!file.path.endsWith('.json')) return [actOf(file, 'other', 'A workflow lies ready to be run', file.path)]
    const json = parsed(file.text)
    // Not what we understand as JSON: the CLI may be more patient than we are.
    if (!isRecord(json)) return [actOf(file, 'other', 'Settings that cannot be read', file.path)]
    if (file.path.endsWith('scheduled_tasks.json'))
      return [actOf(file, 'other', 'Prompts that start by themselves', file.path)]
    if (/\.claude\/settings(\.local)?\.json$/.test(file.path)) return settingsActs(file, json)
    if (file.path.endsWith('.mcp.json')) return serverActs(file, json.mcpServers ?? json)
    return pluginActs(file, json)
  }
}

/** Settings that change looks and words, or only take away. */
const harmless = new Set([
  '$schema',
  'alwaysThinkingEnabled',
  'attribution',
  'autoMemoryEnabled',
  'autoUpdatesChannel',
  'availableModels',
  'claudeMdExcludes',
  'cleanupPeriodDays',
  'companyAnnouncements',
  'disableAllHooks',
  'disabledMcpjsonServers',
  'effortLevel',
  'includeCoAuthoredBy',
  'includeGitInstructions',
  'language',
  'model',
  'outputStyle',
  'plansDirectory',
  'prefersReducedMotion',
  'respectGitignore',
  'showTurnDuration',
  'spinnerTipsEnabled',
  'spinnerVerbs',
  'terminalProgressBarEnabled',
  'theme'
])

/** Programs that the CLI runs by itself, with what they are for. */
const helpers: Record<string, string> = {
  apiKeyHelper: 'A program gives the key for the model',
  awsAuthRefresh: 'A program signs in to AWS',
  awsCredentialExport: 'A program gives the credentials for AWS',
  fileSuggestion: 'A program suggests files',
  gcpAuthRefresh: 'A program signs in to Google Cloud',
  otelHeadersHelper: 'A program gives headers for telemetry',
  statusLine: 'A program writes the status line',
  subagentStatusLine: 'A program writes the status line'
}

function settingsActs(file: FoundFile, settings: Record<string, unknown>): SettingsAct[] {
  return Object.entries(settings).flatMap(([name, value]) => {
    if (harmless.has(name)) return []
    const helper = helpers[name]
    if (helper) return [actOf(file, 'helper', helper, commandOf(value) ?? JSON.stringify(value), name)]
    switch (name) {
      case 'hooks':
        return hookActs(file, value)
      case 'env':
        return isRecord(value) ? Object.entries(value).map(([key, set]) => variableAct(file, key, String(set))) : []
      case 'permissions':
        return isRecord(value) ? permissionActs(file, value) : []
      case 'sandbox':
        return [actOf(file, 'permission', 'The sandbox is changed', JSON.stringify(value), name)]
      case 'enableAllProjectMcpServers':
      case 'enabledMcpjsonServers':
        return [actOf(file, 'mcp', 'MCP servers of this folder are started unasked', JSON.stringify(value), name)]
      case 'enabledPlugins':
      case 'extraKnownMarketplaces':
        return [actOf(file, 'plugin', 'Plugins are fetched and switched on', JSON.stringify(value), name)]
      default:
        return [
          actOf(
            file,
            'other',
            `Sets ${name}, of which Flotilla does not know what it does`,
            JSON.stringify(value),
            name
          )
        ]
    }
  })
}

/** Hooks by event, as they also stand in plugins and at the head of agents and skills. */
function hookActs(file: FoundFile, hooks: unknown): SettingsAct[] {
  if (!isRecord(hooks)) return [actOf(file, 'hook', 'Hooks that cannot be read', JSON.stringify(hooks), 'hooks')]
  return Object.entries(hooks).flatMap(([event, groups]) =>
    listOf(groups).flatMap(group => {
      const { matcher, hooks: entries } = isRecord(group) ? group : {}
      return listOf(entries).map(entry => {
        const does = (isRecord(entry) && (entry.command ?? entry.url ?? entry.prompt)) || JSON.stringify(entry)
        const detail = typeof does === 'string' ? does : JSON.stringify(does)
        return actOf(file, 'hook', `A hook acts ${whenOf(event, matcher)}`, detail)
      })
    })
  )
}

const moments: Record<string, string> = {
  SessionStart: 'when a session starts',
  SessionEnd: 'when a session ends',
  UserPromptSubmit: 'at every prompt',
  PreToolUse: 'before a tool is used',
  PostToolUse: 'after a tool was used',
  Stop: 'when a turn ends',
  SubagentStop: 'when a sub-agent ends',
  PreCompact: 'before the context is compacted',
  Notification: 'at every notification',
  PermissionRequest: 'when permission is asked for'
}

function whenOf(event: string, matcher: unknown): string {
  const moment = moments[event] ?? `at ${event}`
  return typeof matcher === 'string' && !['', '*'].includes(matcher) ? `${moment} (${matcher})` : moment
}

function variableAct(file: FoundFile, name: string, value: string): SettingsAct {
  const detail = `${name}=${value}`
  if (/(BASE_URL|_ENDPOINT|_HOST)$/.test(name))
    return actOf(file, 'request', 'Model traffic goes to another address', detail, name)
  if (/PROXY$/i.test(name)) return actOf(file, 'request', 'Traffic goes through a proxy', detail, name)
  return actOf(file, 'other', 'A variable is set for the agent and what it starts', detail, name)
}

function permissionActs(file: FoundFile, { allow, additionalDirectories, defaultMode }: Record<string, unknown>) {
  const acts: SettingsAct[] = listOf(allow).map(rule =>
    actOf(file, 'permission', 'A tool is used without asking', String(rule))
  )
  for (const folder of listOf(additionalDirectories))
    acts.push(actOf(file, 'permission', 'Another folder is opened to the agent', String(folder)))
  if (defaultMode !== undefined && defaultMode !== 'default' && defaultMode !== 'plan')
    acts.push(actOf(file, 'permission', 'Another permission mode is set', String(defaultMode), 'defaultMode'))
  return acts
}

function serverActs(file: FoundFile, servers: unknown): SettingsAct[] {
  if (!isRecord(servers)) return [actOf(file, 'mcp', 'MCP servers that cannot be read', file.path)]
  return Object.entries(servers).flatMap(([name, server]) => {
    if (!isRecord(server))
      return [actOf(file, 'mcp', `MCP server ${name} cannot be read`, JSON.stringify(server), name)]
    const helper = commandOf(server.headersHelper)
    return [
      typeof server.url === 'string'
        ? actOf(file, 'mcp', `MCP server ${name} is called at another address`, server.url, name)
        : startedServer(file, name, server),
      ...(helper === null
        ? []
        : [actOf(file, 'helper', `A program gives headers for MCP server ${name}`, helper, name)])
    ]
  })
}

function startedServer(file: FoundFile, name: string, server: Record<string, unknown>): SettingsAct {
  const env = isRecord(server.env) ? Object.entries(server.env).map(([key, value]) => `${key}=${value}`) : []
  const line = [...env, server.command, ...listOf(server.args)].map(String).join(' ')
  const title = `MCP server ${name} is started${isLoose(line) ? ', without a fixed version' : ''}`
  return actOf(file, 'mcp', title, line, name)
}

/** Fetched anew at each start, whatever it is by then. */
function isLoose(line: string): boolean {
  const fetched = /\b(?:npx|bunx|uvx|pnpm dlx)\s+(?:-\S+\s+)*(\S+)/.exec(line)?.[1]
  return fetched !== undefined && !/.[@=]=?\d/.test(fetched)
}

/** A plugin that lies in a folder of skills. */
function pluginActs(file: FoundFile, json: Record<string, unknown>): SettingsAct[] {
  return [
    ...(json.hooks === undefined ? [] : hookActs(file, json.hooks)),
    ...(isRecord(json.mcpServers) ? serverActs(file, json.mcpServers) : []),
    ...(file.path.endsWith('plugin.json') ? [actOf(file, 'plugin', 'A plugin is loaded', file.path)] : [])
  ]
}

function commandOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  return isRecord(value) && typeof value.command === 'string' ? value.command : null
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
