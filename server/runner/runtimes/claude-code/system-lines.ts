import type { Facts } from '#contract/runners/runner-protocol'
import { type PermissionMode, permissionModes } from '#contract/runs/runs'
import { type Signal, systemEvent } from '../runtime.ts'
import { retryReason } from './failures.ts'
import type { SystemLine } from './protocol.ts'

/** Subtypes that tell a person nothing they do not see elsewhere. */
const silent = new Set([
  'thinking_tokens',
  'task_progress',
  'files_persisted',
  'session_state_changed',
  'hook_started',
  'hook_progress',
  'hook_response'
])

const mostCommands = 500
const longestCommand = 100

export function readSystem(line: SystemLine): Signal[] {
  switch (line.subtype) {
    case 'init':
      return [{ type: 'facts', facts: factsOf(line) }, started(line)]
    case 'status':
      return status(line)
    case 'api_retry':
      return retry(line)
    case 'compact_boundary':
      return [systemEvent('compacted', 'The conversation was summarised to make room', rest(line))]
    default:
      return silent.has(line.subtype) ? [] : [systemEvent(line.subtype, line.subtype.replaceAll('_', ' '), rest(line))]
  }
}

/** Lines that say nothing to a person. */
const silentTypes = new Set(['keep_alive', 'tool_progress', 'auth_status', 'rate_limit_event', 'prompt_suggestion'])

/** A line of a type that a later version brought. */
export function unknownLine(json: unknown): Signal[] {
  const type = words((json as { type?: unknown } | null)?.type)
  if (type === '') return [{ type: 'output', subtype: 'output', text: JSON.stringify(json) }]
  return silentTypes.has(type) ? [] : [systemEvent(type, type.replaceAll('_', ' '), { line: json })]
}

function started(line: SystemLine): Signal {
  const servers = Array.isArray(line.mcp_servers) ? line.mcp_servers : []
  const data = { model: line.model, version: line.claude_code_version, mcpServers: servers, commands: commandsOf(line) }
  return systemEvent('init', `Claude Code ${words(line.claude_code_version)}, ${words(line.model)}`, data)
}

/** Those that work without a terminal. What begins with an underscore is for the program itself. */
function commandsOf({ slash_commands: told }: SystemLine): string[] {
  const names = Array.isArray(told) ? told.filter(name => typeof name === 'string') : []
  return names.filter(name => name.length <= longestCommand && /^[^\s_]\S*$/.test(name)).slice(0, mostCommands)
}

function status(line: SystemLine): Signal[] {
  const facts = factsOf(line)
  if (facts.permissionMode !== undefined) {
    const message = `Permission mode: ${facts.permissionMode}`
    return [{ type: 'facts', facts }, systemEvent('permission_mode', message)]
  }
  return line.status === 'compacting' ? [systemEvent('compacting', 'Summarising the conversation')] : []
}

function retry(line: SystemLine): Signal[] {
  const code = typeof line.error_status === 'number' ? line.error_status : null
  const reason = retryReason(code, Number(line.attempt), Number(line.max_retries), Number(line.retry_delay_ms))
  const data = { status: code, attempt: line.attempt, retrying: true }
  return [{ type: 'reason', reason }, systemEvent('api_retry', reason, data)]
}

function factsOf(line: SystemLine): Facts {
  const mode = permissionMode(line.permissionMode)
  return {
    ...(line.subtype === 'init' ? { sessionId: words(line.session_id), model: words(line.model) } : {}),
    ...(mode === null ? {} : { permissionMode: mode })
  }
}

function permissionMode(value: unknown): PermissionMode | null {
  return permissionModes.find(mode => mode === value) ?? null
}

function rest({ type: _, uuid: __, session_id: ___, ...data }: SystemLine): Record<string, unknown> {
  return data
}

function words(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
