import type { ToolKind } from '#contract/runs/events'

/** What each tool does, and the parameter that says what a call is about. */
const tools: Record<string, { kind: ToolKind; argument: string | null }> = {
  read_file: { kind: 'read', argument: 'file_path' },
  read_many_files: { kind: 'read', argument: 'include' },
  list_directory: { kind: 'search', argument: 'dir_path' },
  glob: { kind: 'search', argument: 'pattern' },
  grep_search: { kind: 'search', argument: 'pattern' },
  write_file: { kind: 'edit', argument: 'file_path' },
  replace: { kind: 'edit', argument: 'file_path' },
  run_shell_command: { kind: 'command', argument: 'command' },
  web_fetch: { kind: 'web', argument: 'prompt' },
  google_web_search: { kind: 'web', argument: 'query' },
  write_todos: { kind: 'todo', argument: null },
  enter_plan_mode: { kind: 'plan', argument: 'reason' },
  exit_plan_mode: { kind: 'plan', argument: 'plan_filename' },
  ask_user: { kind: 'question', argument: null },
  codebase_investigator: { kind: 'agent', argument: 'objective' }
}

export function toolKind(tool: string): ToolKind {
  return tools[tool]?.kind ?? 'other'
}

/** Seen from the folder of the run where it is a path in there. */
export function toolArgument(tool: string, parameters: Record<string, unknown>, cwd: string | null): string | null {
  const named = tools[tool]?.argument
  const value = named == null ? Object.values(parameters).find(one => typeof one === 'string') : parameters[named]
  if (typeof value !== 'string') return null
  const inside = cwd !== null && value.startsWith(`${cwd}/`) ? value.slice(cwd.length + 1) : value
  return inside.slice(0, 10_000)
}
