import {
  Bot,
  FilePen,
  FileText,
  Globe,
  ListTodo,
  type LucideIcon,
  MessageCircleQuestion,
  NotebookPen,
  Search,
  Terminal,
  Wrench
} from 'lucide-react'
import type { ToolKind, ToolResultData } from '#contract/runs/events'
import { count } from '../../../lib/format.ts'

export const toolIcons: Record<ToolKind, LucideIcon> = {
  read: FileText,
  search: Search,
  edit: FilePen,
  command: Terminal,
  web: Globe,
  agent: Bot,
  todo: ListTodo,
  plan: NotebookPen,
  question: MessageCircleQuestion,
  other: Wrench
}

/** What came of a call, in a few words. */
export function summaryOf(kind: ToolKind, data: ToolResultData): { tone: 'done' | 'failed' | null; words: string } {
  if (typeof data.exitCode === 'number') {
    return { tone: data.exitCode === 0 && !data.isError ? 'done' : 'failed', words: `exit ${data.exitCode}` }
  }
  if (data.isError) return { tone: 'failed', words: 'failed' }
  if (kind === 'read') return { tone: null, words: data.text === '' ? 'empty' : count(linesIn(data.text), 'line') }
  if (kind === 'search') return { tone: null, words: data.text === '' ? 'nothing' : count(linesIn(data.text), 'line') }
  return { tone: null, words: '' }
}

function linesIn(text: string): number {
  let lines = 1
  const end = text.endsWith('\n') ? text.length - 1 : text.length
  for (let i = 0; i < end; i++) if (text.charCodeAt(i) === 10) lines += 1
  return lines
}

export interface Todo {
  text: string
  state: 'queued' | 'running' | 'done' | 'cancelled'
}

const todoStates: Record<string, Todo['state']> = {
  completed: 'done',
  done: 'done',
  in_progress: 'running',
  cancelled: 'cancelled'
}

/** The checklist in the input of a todo tool, or null when it has another shape. */
export function todosOf(input: unknown): Todo[] | null {
  const list =
    (input as { todos?: unknown; plan?: unknown } | null)?.todos ?? (input as { plan?: unknown } | null)?.plan
  if (!Array.isArray(list)) return null
  const todos = list.flatMap(entry => {
    const { content, step, subject, status } = (entry ?? {}) as Record<string, unknown>
    const text = content ?? step ?? subject
    return typeof text === 'string' ? [{ text, state: todoStates[String(status)] ?? ('queued' as const) }] : []
  })
  return todos.length > 0 ? todos : null
}
