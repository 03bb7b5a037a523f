import { type Signal, systemEvent } from '../runtime.ts'
import type { SystemLine } from './protocol.ts'

interface Task {
  what: 'command' | 'agent' | 'other'
  words: string
  toolUseId: string | null
  /** Of a sub-agent: what it comes to is told to that one. */
  within: boolean
  background: boolean
  told: boolean
}

const titles = { command: 'Background command', agent: 'Sub-agent', other: 'Background task' }
const taskLines = new Set(['task_started', 'task_updated', 'task_notification', 'background_tasks_changed'])
const ends = new Set(['completed', 'failed'])
const cuts = new Set(['killed', 'stopped', 'cancelled', 'canceled'])
/** Named in the reason; the others are counted. */
const namedTasks = 2

export function isTaskLine({ subtype }: SystemLine): boolean {
  return taskLines.has(subtype)
}

/**
 * Work that goes on beside the conversation: shells and sub-agents whose tool call has returned. After such work ends the CLI
 * begins a turn of its own in which the model reads what it came to: that turn is owed.
 */
export class BackgroundTasks {
  private readonly open = new Map<string, Task>()
  /** Ended, and not yet told so. */
  private readonly finished = new Map<string, Task>()
  private readonly toolCalls = new Map<string, { background: boolean; within: boolean }>()
  owed = false

  toolUsed(toolUseId: string, input: Record<string, unknown>, parent: string | null): void {
    this.toolCalls.set(toolUseId, { background: input.run_in_background === true, within: parent !== null })
  }

  /** A task that is open when its tool call returns goes on in the background, whoever put it there. */
  toolDone(toolUseId: string): Signal[] {
    this.toolCalls.delete(toolUseId)
    const left = [...this.open.values()].filter(task => task.toolUseId === toolUseId)
    return left.flatMap(task => {
      task.background = true
      return this.tell(task)
    })
  }

  read(line: SystemLine): Signal[] {
    switch (line.subtype) {
      case 'task_started':
        return this.started(line)
      case 'task_updated':
        this.updated(line)
        return []
      case 'task_notification':
        return this.notified(line)
      case 'background_tasks_changed':
        this.known(line)
        return []
      default:
        return []
    }
  }

  /** The CLI began a turn: what it owed is being read. */
  turnBegan(): void {
    this.owed = false
  }

  /** Names what goes on in the background; null: nothing does. */
  get waitsFor(): string | null {
    const words = [...this.open.values()].filter(task => task.background).map(task => task.words)
    if (words.length === 0) return null
    const more = words.length - namedTasks
    return words.slice(0, namedTasks).join(', ') + (more > 0 ? ` and ${more} more` : '')
  }

  private started(line: SystemLine): Signal[] {
    const toolUseId = typeof line.tool_use_id === 'string' ? line.tool_use_id : null
    const toolCall = toolUseId === null ? undefined : this.toolCalls.get(toolUseId)
    const what = kindOf(line.task_type)
    const task: Task = {
      what,
      words: text(line.description) || titles[what].toLowerCase(),
      toolUseId,
      within: line.owned_by_subagent === true || toolCall?.within === true,
      background: line.is_backgrounded === true || toolCall?.background === true,
      told: false
    }
    this.open.set(idOf(line), task)
    // A shell that its tool call waits for is that call, and nothing besides.
    return task.background || what !== 'command' ? this.tell(task) : []
  }

  private tell(task: Task): Signal[] {
    if (task.told) return []
    task.told = true
    const data = { toolUseId: task.toolUseId, task: task.what }
    return [systemEvent('task_started', `${titles[task.what]} started: ${task.words}`, data)]
  }

  private updated(line: SystemLine): void {
    const patch = typeof line.patch === 'object' && line.patch !== null ? (line.patch as Record<string, unknown>) : {}
    const status = text(patch.status)
    if (patch.is_backgrounded === true) this.moved(idOf(line))
    if (ends.has(status) || cuts.has(status)) this.close(idOf(line), status)
  }

  private moved(id: string): void {
    const task = this.open.get(id)
    if (task) task.background = true
  }

  private notified(line: SystemLine): Signal[] {
    const id = idOf(line)
    this.close(id, text(line.status))
    const task = this.finished.get(id)
    this.finished.delete(id)
    if (!task?.told) return []
    const summary = text(line.summary) || task.words
    const message = `${titles[task.what]} ${text(line.status)}: ${task.what === 'command' ? task.words : summary}`
    const data = { toolUseId: task.toolUseId, task: task.what, usage: line.usage, summary }
    return [systemEvent('task_ended', message, data)]
  }

  private close(id: string, status: string): void {
    const task = this.open.get(id)
    if (task === undefined) return
    this.open.delete(id)
    this.finished.set(id, task)
    if (task.background && !task.within && !cuts.has(status)) this.owed = true
  }

  /** Newer versions list what goes on: what is not in the list has ended, even if nothing else said so. */
  private known(line: SystemLine): void {
    if (!Array.isArray(line.tasks)) return
    const ids = new Set(line.tasks.map(task => idOf(task)))
    for (const [id, task] of this.open) if (task.background && !ids.has(id)) this.close(id, 'completed')
  }
}

function kindOf(type: unknown): Task['what'] {
  if (type === 'local_bash') return 'command'
  return typeof type === 'string' && type.endsWith('agent') ? 'agent' : 'other'
}

function idOf(line: Record<string, unknown>): string {
  return text(line.task_id)
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
