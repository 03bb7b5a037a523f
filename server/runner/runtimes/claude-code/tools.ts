import type { ToolKind } from '#contract/runs/events'

interface KnownTool {
  kind: ToolKind
  /** The field of the input that says what the call is about. */
  argument: string | null
  /** What the agent wants, in plain words. */
  wants: string
}

const knownTools: Record<string, KnownTool> = {
  Read: { kind: 'read', argument: 'file_path', wants: 'wants to read a file' },
  NotebookRead: { kind: 'read', argument: 'notebook_path', wants: 'wants to read a notebook' },
  Glob: { kind: 'search', argument: 'pattern', wants: 'wants to look for files' },
  Grep: { kind: 'search', argument: 'pattern', wants: 'wants to search in files' },
  LS: { kind: 'search', argument: 'path', wants: 'wants to list a folder' },
  ToolSearch: { kind: 'search', argument: 'query', wants: 'wants to look for tools' },
  Write: { kind: 'edit', argument: 'file_path', wants: 'wants to write a file' },
  Edit: { kind: 'edit', argument: 'file_path', wants: 'wants to change a file' },
  MultiEdit: { kind: 'edit', argument: 'file_path', wants: 'wants to change a file' },
  NotebookEdit: { kind: 'edit', argument: 'notebook_path', wants: 'wants to change a notebook' },
  Bash: { kind: 'command', argument: 'command', wants: 'wants to run a command' },
  PowerShell: { kind: 'command', argument: 'command', wants: 'wants to run a command' },
  BashOutput: { kind: 'command', argument: 'bash_id', wants: 'wants to read the output of a command' },
  KillShell: { kind: 'command', argument: 'shell_id', wants: 'wants to stop a command' },
  WebFetch: { kind: 'web', argument: 'url', wants: 'wants to open a web page' },
  WebSearch: { kind: 'web', argument: 'query', wants: 'wants to search the web' },
  Agent: { kind: 'agent', argument: 'description', wants: 'wants to start a sub-agent' },
  Task: { kind: 'agent', argument: 'description', wants: 'wants to start a sub-agent' },
  SendMessage: { kind: 'agent', argument: 'to', wants: 'wants to write to another agent' },
  TodoWrite: { kind: 'todo', argument: null, wants: 'wants to update its task list' },
  TaskCreate: { kind: 'todo', argument: 'subject', wants: 'wants to update its task list' },
  TaskUpdate: { kind: 'todo', argument: 'taskId', wants: 'wants to update its task list' },
  TaskGet: { kind: 'todo', argument: 'taskId', wants: 'wants to read its task list' },
  TaskList: { kind: 'todo', argument: null, wants: 'wants to read its task list' },
  EnterPlanMode: { kind: 'plan', argument: null, wants: 'wants to make a plan first' },
  ExitPlanMode: { kind: 'plan', argument: null, wants: 'has a plan and asks to start' },
  AskUserQuestion: { kind: 'question', argument: null, wants: 'has a question' },
  Skill: { kind: 'other', argument: 'skill', wants: 'wants to use a skill' }
}

export function toolKind(tool: string): ToolKind {
  return knownTools[tool]?.kind ?? 'other'
}

export function toolTitle(tool: string): string {
  const known = knownTools[tool]
  if (known !== undefined) return known.wants
  const [prefix, server, name] = tool.split('__')
  return prefix === 'mcp' && name !== undefined ? `wants to use ${name} of ${server}` : `wants to use ${tool}`
}

/** What patterns of an approval are matched against: the whole command or path, else the whole input. */
export function toolSubject(tool: string, input: Record<string, unknown>): string {
  return namedArgument(tool, input) ?? JSON.stringify(input)
}

/** The argument worth showing; a path inside the folder of the run is shown from there. */
export function toolArgument(tool: string, input: Record<string, unknown>, cwd: string | null): string | null {
  const argument = namedArgument(tool, input) ?? firstText(input)
  return argument === null ? null : insideFolder(argument, cwd)
}

function namedArgument(tool: string, input: Record<string, unknown>): string | null {
  const field = knownTools[tool]?.argument
  const value = field ? input[field] : undefined
  return typeof value === 'string' ? value : null
}

function firstText(input: Record<string, unknown>): string | null {
  const value = Object.values(input).find(entry => typeof entry === 'string')
  return typeof value === 'string' ? value.slice(0, 300) : null
}

function insideFolder(path: string, cwd: string | null): string {
  if (cwd === null || !path.startsWith(cwd)) return path
  const rest = path.slice(cwd.length)
  return /^[/\\]./.test(rest) ? rest.slice(1) : path
}
