import type { Approval } from '#contract/runs/approvals'

/** What an agent wants to do, in a form that can be shown whole. */
export type Request =
  | { kind: 'command'; command: string; note: string | null }
  | { kind: 'edit'; path: string; before: string; after: string }
  | { kind: 'write'; path: string; content: string }
  | { kind: 'edits'; edits: { path: string; before: string; after: string }[] }
  | { kind: 'fetch'; url: string }
  | { kind: 'plan'; text: string }
  | { kind: 'question'; questions: Question[] }
  | { kind: 'trust'; folder: string }
  | { kind: 'flow'; prompt: string }
  | { kind: 'other'; json: string }

export interface Question {
  question: string
  many: boolean
  options: { label: string; note: string | null }[]
}

/** Reads the runtime's own input by its fields, not by the name of the tool, so that every runtime is served. */
export function requestOf({ kind, input }: Pick<Approval, 'kind' | 'input'>): Request {
  if (kind === 'question') return { kind: 'question', questions: questionsOf(input.questions) }
  if (kind === 'trust') return { kind: 'trust', folder: text(input.folder) ?? '' }
  if (kind === 'flow') return { kind: 'flow', prompt: text(input.prompt) ?? '' }
  const plan = text(input.plan)
  if (kind === 'plan' && plan !== null) return { kind: 'plan', text: plan }
  const command = commandOf(input.command)
  if (command !== null) return { kind: 'command', command, note: text(input.description) }
  const edit = editOf(input)
  if (edit !== null) return edit
  const edits = editsOf(input.changes)
  if (edits !== null) return { kind: 'edits', edits }
  const url = text(input.url)
  if (url !== null) return { kind: 'fetch', url }
  return { kind: 'other', json: JSON.stringify(input, null, 2) }
}

function editOf(input: Record<string, unknown>): Extract<Request, { kind: 'edit' | 'write' }> | null {
  const path = text(input.file_path) ?? text(input.path) ?? text(input.file)
  const before = text(input.old_string) ?? text(input.before) ?? text(input.find)
  const after = text(input.new_string) ?? text(input.after) ?? text(input.replacement)
  if (path !== null && before !== null && after !== null) return { kind: 'edit', path, before, after }
  const content = text(input.content) ?? text(input.text)
  return path !== null && content !== null ? { kind: 'write', path, content } : null
}

/** Several files at once; null where one of them cannot be shown so, for then none may be left out. */
function editsOf(changes: unknown): Extract<Request, { kind: 'edits' }>['edits'] | null {
  if (!Array.isArray(changes) || changes.length === 0) return null
  const edits = changes.map(change => editOf((change ?? {}) as Record<string, unknown>))
  if (!edits.every(edit => edit !== null)) return null
  return edits.map(edit => (edit.kind === 'edit' ? edit : { path: edit.path, before: '', after: edit.content }))
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function commandOf(value: unknown): string | null {
  if (Array.isArray(value) && value.every(part => typeof part === 'string')) return value.join(' ')
  return text(value)
}

function questionsOf(value: unknown): Question[] {
  if (!Array.isArray(value)) return []
  return value.flatMap(entry => {
    const { question, multiSelect, options } = (entry ?? {}) as Record<string, unknown>
    if (typeof question !== 'string') return []
    return [{ question, many: multiSelect === true, options: optionsOf(options) }]
  })
}

function optionsOf(value: unknown): Question['options'] {
  if (!Array.isArray(value)) return []
  return value.flatMap(entry => {
    const { label, description } = (entry ?? {}) as Record<string, unknown>
    return typeof label === 'string' ? [{ label, note: text(description) }] : []
  })
}

/** The one line that says what is wanted, for lists and folded rows. */
export function subjectOf(request: Request): string {
  switch (request.kind) {
    case 'command':
      return request.command
    case 'edit':
    case 'write':
      return request.path
    case 'edits':
      return request.edits.map(({ path }) => path).join(', ')
    case 'fetch':
      return request.url
    case 'plan':
      return request.text.trimStart().split('\n', 1)[0] ?? ''
    case 'flow':
      return request.prompt.trimStart().split('\n', 1)[0] ?? ''
    case 'trust':
      return request.folder
    case 'question':
      return request.questions[0]?.question ?? ''
    case 'other':
      return request.json === '{}' ? '' : request.json.replace(/\s+/g, ' ')
  }
}

export interface Rule {
  title: string
  note: string
  pattern: string | undefined
}

/** What "always in this run" can mean for a request, from narrow to wide. Nothing is offered for plans and questions. */
export function rulesOf(request: Request, tool: string): Rule[] {
  const same: Rule = { title: 'This exact request', note: 'Only the very same again', pattern: undefined }
  const any: Rule = { title: `Any use of ${tool}`, note: 'Everything this tool may be asked to do', pattern: '*' }
  if (request.kind === 'plan' || request.kind === 'question') return []
  if (request.kind === 'trust' || request.kind === 'flow') return []
  if (request.kind !== 'command') return [same, any]
  const start = startOf(request.command)
  const alike: Rule[] = start
    ? [{ title: `Commands that start with “${start}”`, note: `Matches ${start} *`, pattern: `${start} *` }]
    : []
  return [same, ...alike, any]
}

const plainWord = /^[\w@./+-]+$/

/** The program and its subcommand. Nothing when the command chains or redirects: its start then says too little. */
function startOf(command: string): string | null {
  if (/[;&|<>`$\n]/.test(command)) return null
  const [program, sub, ...rest] = command.trim().split(/\s+/)
  if (!program || !sub || !plainWord.test(program)) return null
  const named = rest.length > 0 && plainWord.test(sub) && !sub.startsWith('-')
  return named ? `${program} ${sub}` : program
}
