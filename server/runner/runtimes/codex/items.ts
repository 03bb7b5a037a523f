import { relative } from 'node:path'
import type { ToolKind, ToolUseData } from '#contract/runs/events'
import { type Signal, systemEvent } from '../runtime.ts'
import { diffOf, requestOf } from './changes.ts'
import type { CollabItem, CommandItem, FileChangeItem, Item, McpItem, WebSearchItem } from './protocol.ts'
import { unwrapped } from './shell-words.ts'

/** What Codex does, in the names by which its tools are known in events, approvals and rules. */
export const toolNames = { command: 'shell', edit: 'apply_patch', web: 'web_search', plan: 'update_plan' } as const

export function mcpTool(server: string, tool: string): string {
  return `mcp__${server}__${tool}`
}

/** What stands around an item. `parent`: the call that started the sub-agent which it is of. */
export interface Around {
  cwd: string | null
  parent: string | null
}

/** What says nothing to a person, or nothing that is not said elsewhere. */
const silent = new Set(['userMessage', 'functionCallOutput', 'sleep', 'hookPrompt'])
const known: Record<string, string> = {
  contextCompaction: 'The conversation was summarised to make room',
  enteredReviewMode: 'A review began',
  exitedReviewMode: 'The review is over',
  imageView: 'Looked at an image',
  imageGeneration: 'Made an image'
}

/** An item that began. */
export function began(item: Item, around: Around): Signal[] {
  switch (item.type) {
    case 'commandExecution':
      return [commandUse(item, around)]
    case 'fileChange':
      return editUses(item, around)
    case 'mcpToolCall':
      return [mcpUse(item, around)]
    case 'collabAgentToolCall':
      return [collabUse(item, around)]
    // What it looks for is known when it has found it.
    case 'webSearch':
    case 'agentMessage':
    case 'plan':
    case 'reasoning':
    case 'other':
      return []
  }
}

/** An item that is done. */
export function done(item: Item, around: Around): Signal[] {
  const { parent } = around
  switch (item.type) {
    case 'agentMessage':
      return item.text === ''
        ? []
        : [{ type: 'event', kind: 'assistant', message: item.text, data: { block: item.id, parent } }]
    case 'reasoning': {
      const message = (item.summary.length > 0 ? item.summary : item.content).join('\n\n')
      return message === '' ? [] : [{ type: 'event', kind: 'thinking', message, data: { block: item.id, parent } }]
    }
    case 'commandExecution':
      return [commandResult(item, parent)]
    case 'fileChange':
      return editResults(item, parent)
    case 'mcpToolCall':
      return [mcpResult(item, parent)]
    case 'webSearch':
      return searched(item, parent)
    case 'collabAgentToolCall':
      return [collabResult(item, parent)]
    case 'plan':
      return [{ type: 'event', kind: 'assistant', message: item.text, data: { block: item.id, parent } }]
    case 'other':
      return silent.has(item.name)
        ? []
        : [systemEvent(item.name, known[item.name] ?? spaced(item.name), { parent, item: item.rest })]
  }
}

/** What was said of a call that nothing more will be said of. */
export function cutOff(item: Item, text: string): Signal[] {
  const cut = { text, isError: true, stopped: true } as const
  switch (item.type) {
    case 'commandExecution':
    case 'mcpToolCall':
    case 'collabAgentToolCall':
      return [result(item.id, cut, null)]
    case 'fileChange':
      return ofChanges(item).map(({ id }) => result(id, cut, null))
    default:
      return []
  }
}

/** The plan of a turn, as the list of tasks that people know from other agents. */
export function planned(id: string, plan: readonly { step: string; status: string }[]): Signal[] {
  const todos = plan.map(({ step, status }) => ({ step, status: status === 'inProgress' ? 'in_progress' : status }))
  const tool = toolNames.plan
  const data = { toolUseId: id, tool, toolKind: 'todo', argument: null, input: { plan: todos } } as const
  return [
    { type: 'event', kind: 'tool_use', message: tool, data },
    { type: 'event', kind: 'tool_result', message: '', data: { toolUseId: id, isError: false, text: '' } }
  ]
}

type Use = Omit<ToolUseData, 'parent'>

function use(data: Use, { parent }: Pick<Around, 'parent'>): Signal {
  const message = [data.tool, data.argument?.split('\n')[0]?.slice(0, 200)].filter(Boolean).join(' ')
  return { type: 'event', kind: 'tool_use', message, data: { ...data, parent } }
}

const kindOfAction: Record<string, ToolKind> = { read: 'read', search: 'search', listFiles: 'search' }

function commandUse(item: CommandItem, around: Around): Signal {
  const command = unwrapped(item.command)
  const kinds = new Set(item.commandActions.map(({ type }) => kindOfAction[type] ?? 'command'))
  const [only = 'command'] = kinds.size === 1 ? kinds : []
  const input = { command, ...(item.cwd == null || item.cwd === around.cwd ? {} : { cwd: item.cwd }) }
  return use({ toolUseId: item.id, tool: toolNames.command, toolKind: only, argument: command, input }, around)
}

function commandResult(item: CommandItem, parent: string | null): Signal {
  const declined = item.status === 'declined'
  const text = item.aggregatedOutput ?? (declined ? 'Not allowed' : '')
  return result(
    item.id,
    {
      text,
      isError: item.status !== 'completed',
      exitCode: item.exitCode ?? null,
      durationMs: item.durationMs ?? null
    },
    parent
  )
}

/** A call for each file: a result tells of one change. The first bears the id by which approvals name the call. */
function ofChanges(item: FileChangeItem) {
  return item.changes.map((change, index) => ({ change, id: index === 0 ? item.id : `${item.id}:${index}` }))
}

function editUses(item: FileChangeItem, around: Around): Signal[] {
  return ofChanges(item).map(({ change, id }) => {
    const argument = seenFrom(around.cwd, change.path)
    return use({ toolUseId: id, tool: toolNames.edit, toolKind: 'edit', argument, input: requestOf(change) }, around)
  })
}

function editResults(item: FileChangeItem, parent: string | null): Signal[] {
  const isError = item.status !== 'completed'
  const text = item.status === 'declined' ? 'Not allowed' : isError ? 'The change could not be made' : ''
  return ofChanges(item).map(({ change, id }) =>
    result(id, { text, isError, diff: isError ? null : diffOf(change) }, parent)
  )
}

function mcpUse(item: McpItem, around: Around): Signal {
  const tool = mcpTool(item.server, item.tool)
  const first = Object.values((item.arguments ?? {}) as object).find(value => typeof value === 'string')
  const argument = typeof first === 'string' ? first.slice(0, 300) : null
  return use({ toolUseId: item.id, tool, toolKind: 'other', argument, input: item.arguments ?? {} }, around)
}

function mcpResult(item: McpItem, parent: string | null): Signal {
  const said = item.result?.content.map(part => (typeof part.text === 'string' ? part.text : `[${part.type}]`))
  const text = item.error?.message ?? said?.join('\n') ?? ''
  return result(item.id, { text, isError: item.status !== 'completed', durationMs: item.durationMs ?? null }, parent)
}

function searched(item: WebSearchItem, parent: string | null): Signal[] {
  const { url, pattern } = (item.action ?? {}) as { url?: unknown; pattern?: unknown }
  const said = [item.query, url, pattern].find(value => typeof value === 'string' && value !== '')
  const argument = typeof said === 'string' ? said : null
  const input = { query: item.query, ...(item.action ?? {}) }
  return [
    use({ toolUseId: item.id, tool: toolNames.web, toolKind: 'web', argument, input }, { parent }),
    result(item.id, { text: '', isError: false }, parent)
  ]
}

function collabUse(item: CollabItem, around: Around): Signal {
  const argument = item.prompt?.split('\n', 1)[0]?.slice(0, 300) ?? null
  return use(
    { toolUseId: item.id, tool: item.tool, toolKind: 'agent', argument, input: { prompt: item.prompt } },
    around
  )
}

function collabResult(item: CollabItem, parent: string | null): Signal {
  const text = Object.values(item.agentsStates)
    .map(({ status, message }) => message ?? status ?? '')
    .filter(Boolean)
    .join('\n')
  return result(item.id, { text, isError: item.status === 'failed' }, parent)
}

function result(
  toolUseId: string,
  data: Omit<Extract<Signal, { type: 'event'; kind: 'tool_result' }>['data'], 'toolUseId' | 'parent'>,
  parent: string | null
): Signal {
  const message = data.text.split('\n', 1)[0]?.slice(0, 300) ?? ''
  return { type: 'event', kind: 'tool_result', message, data: { toolUseId, ...data, parent } }
}

/** A path inside the folder of the run is shown from there. */
function seenFrom(cwd: string | null, path: string): string {
  const inside = cwd === null ? path : relative(cwd, path)
  return inside === '' || inside.startsWith('..') ? path : inside
}

function spaced(name: string): string {
  return name.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
}
