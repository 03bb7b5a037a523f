import type { SettingsAct } from '#contract/runs/trust'
import { actOf } from '../folder-acts.ts'
import type { FolderSettings, FoundFile } from '../runtime.ts'

/**
 * What Gemini CLI reads by itself where it works, as 0.61.0 does. With GEMINI_CLI_TRUST_WORKSPACE=false it leaves out all
 * of it, with every MCP server.
 */
export const folderSettings: FolderSettings = {
  sources: [
    { path: '.gemini/settings.json', above: false },
    { path: '.gemini/.env', above: true },
    { path: '.env', above: true },
    { path: '.gemini/commands', below: ['.toml'], above: false },
    { path: '.gemini/agents', below: ['.md'], above: false },
    { path: '.gemini/skills', below: ['.json', '.sh', '.py', '.js'], above: false },
    { path: '.gemini/policies', below: ['.toml'], above: false },
    { path: '.gemini/extensions', below: ['.json'], above: false }
  ],
  own: { variable: 'GEMINI_CLI_HOME', home: '.gemini' },
  root: 'GEMINI_PROJECT_DIR',
  acts(file) {
    if (/(^|\/)\.env$/.test(file.path)) return variableActs(file)
    if (file.path.endsWith('settings.json')) return settingsActs(file)
    if (/\.gemini\/commands\//.test(file.path)) return commandActs(file)
    if (/\.gemini\/policies\//.test(file.path))
      return [actOf(file, 'permission', 'Rules decide what is done without asking', file.path)]
    if (/\.gemini\/agents\//.test(file.path)) return [actOf(file, 'other', 'A sub-agent is defined', file.path)]
    if (/\.gemini\/skills\//.test(file.path)) return [actOf(file, 'other', 'A skill brings programs', file.path)]
    return [actOf(file, 'plugin', 'An extension is loaded', file.path)]
  }
}

/** Settings that change looks and words, or only take away. */
const harmless = new Set(['$schema', 'general', 'ide', 'model', 'output', 'privacy', 'ui', 'useWriteTodos'])

function settingsActs(file: FoundFile): SettingsAct[] {
  const settings = parsed(file.text)
  // Not what we understand as JSON: the CLI takes comments.
  if (settings === null) return [actOf(file, 'other', 'Settings that cannot be read', file.path)]
  return Object.entries(settings).flatMap(([name, value]) => {
    if (harmless.has(name)) return []
    switch (name) {
      case 'hooks':
        return hookActs(file, value)
      case 'mcpServers':
        return serverActs(file, value)
      case 'tools':
        return toolActs(file, value)
      case 'security':
      case 'policyPaths':
      case 'adminPolicyPaths':
        return [actOf(file, 'permission', 'What may be done without asking is changed', JSON.stringify(value), name)]
      case 'telemetry':
        return [actOf(file, 'request', 'What is done is reported to an address', JSON.stringify(value), name)]
      default: {
        const title = `Sets ${name}, of which Flotilla does not know what it does`
        return [actOf(file, 'other', title, JSON.stringify(value), name)]
      }
    }
  })
}

function hookActs(file: FoundFile, hooks: unknown): SettingsAct[] {
  const events = record(hooks)
  if (events === null) return [actOf(file, 'hook', 'Hooks that cannot be read', JSON.stringify(hooks), 'hooks')]
  return Object.entries(events).flatMap(([event, groups]) =>
    listOf(groups).flatMap(group =>
      listOf(record(group)?.hooks ?? [group]).map(hook => {
        const does = record(hook)?.command ?? JSON.stringify(hook)
        return actOf(file, 'hook', `A hook acts at ${event}`, String(does))
      })
    )
  )
}

function serverActs(file: FoundFile, servers: unknown): SettingsAct[] {
  const named = record(servers)
  if (named === null) return [actOf(file, 'mcp', 'MCP servers that cannot be read', file.path)]
  return Object.entries(named).map(([name, value]) => {
    const server = record(value)
    const address = server?.httpUrl ?? server?.url
    if (typeof address === 'string')
      return actOf(file, 'mcp', `MCP server ${name} is called at an address`, address, name)
    const line = [server?.command, ...listOf(server?.args)].map(String).join(' ')
    return actOf(file, 'mcp', `MCP server ${name} is started`, line, name)
  })
}

/** Programs that find and run tools, and tools that never ask. */
function toolActs(file: FoundFile, tools: unknown): SettingsAct[] {
  return Object.entries(record(tools) ?? {}).flatMap(([name, value]): SettingsAct[] => {
    if (name === 'exclude') return []
    if (name === 'discoveryCommand' || name === 'callCommand')
      return [actOf(file, 'helper', 'A program finds or runs tools', String(value), name)]
    return [actOf(file, 'permission', `Tools are changed: ${name}`, JSON.stringify(value), name)]
  })
}

/** Commands that run before the prompt is read. */
function commandActs(file: FoundFile): SettingsAct[] {
  return [...file.text.matchAll(/!\{([^}]*)\}/g)].map(([, command]) =>
    actOf(file, 'hook', 'A command runs when it is used', command ?? '')
  )
}

/** Only what turns the agent itself: the rest it could read in the file. Their values may be secrets, and are not told. */
const turning = /^(GEMINI_|GOOGLE_|NODE_|LD_|DYLD_|PATH$|HOME$|SHELL$|(.*_)?PROXY$|(.*_)?BASE_URL$)/i
const addresses = /(^|_)(BASE_URL|PROXY|ENDPOINT)$/i

function variableActs(file: FoundFile): SettingsAct[] {
  return file.text.split(/\r?\n/).flatMap(line => {
    const [, name, value] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)$/.exec(line) ?? []
    if (name === undefined || !turning.test(name)) return []
    return addresses.test(name)
      ? [actOf(file, 'request', 'Traffic goes to another address', `${name}=${value}`, name)]
      : [actOf(file, 'other', 'A variable is set for the agent and what it starts', name)]
  })
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    return record(JSON.parse(text))
  } catch {
    return null
  }
}

function record(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
