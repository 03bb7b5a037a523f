import type { z } from 'zod'
import type { FlowTrigger, triggerWish } from '#contract/work/flow-triggers'
import type { Flow } from '#contract/work/flows'
import { readCommandLine, writeCommandLine } from '../../../lib/command-line.ts'
import type { NewFlow } from '../../../parts/flows/flows.ts'

interface Keyed {
  /** Unique in the form, also for one that has no id yet. */
  key: string
  id: string | null
}

/** A trigger as it is typed. */
export type TriggerDraft =
  | (Keyed & { type: 'schedule'; cron: string; timezone: string })
  | (Keyed & { type: 'webhook' })
  | (Keyed & { type: 'flow'; flowId: string; on: 'success' | 'failure' | 'end' })
  | (Keyed & { type: 'change'; what: 'file' | 'ref'; name: string; folder: string; everyMinutes: string })

/** The settings of a flow as they are typed: numbers as text, in the units that people name. */
export interface FlowDraft {
  title: string
  icon: string
  description: string
  prompt: string
  variables: readonly { name: string; value: string }[]
  agentId: string
  model: string
  mcps: 'all' | 'some'
  mcpIds: readonly string[]
  triggers: readonly TriggerDraft[]
  mode: Flow['mode']
  approvalHours: string
  catchUp: Flow['catchUp']
  catchUpMax: string
  overlap: Flow['overlap']
  maxParallel: string
  retries: string
  retryMinutes: string
  timeoutMinutes: string
  pauseAfter: string
  check: 'none' | 'command' | 'file' | 'ref'
  checkCommand: string
  checkName: string
  checkFolder: string
  checkIfUnknown: 'run' | 'skip'
  humanMinutes: string
}

export const freshDraft: FlowDraft = {
  title: '',
  icon: '',
  description: '',
  prompt: '',
  variables: [],
  agentId: '',
  model: '',
  mcps: 'all',
  mcpIds: [],
  triggers: [],
  mode: 'auto',
  approvalHours: '24',
  catchUp: 'once',
  catchUpMax: '5',
  overlap: 'refuse',
  maxParallel: '2',
  retries: '0',
  retryMinutes: '1',
  timeoutMinutes: '',
  pauseAfter: '5',
  check: 'none',
  checkCommand: '',
  checkName: '',
  checkFolder: '',
  checkIfUnknown: 'run',
  humanMinutes: ''
}

export function draftOf(flow: Flow): FlowDraft {
  return {
    ...freshDraft,
    title: flow.title,
    icon: flow.icon ?? '',
    description: flow.description,
    prompt: flow.prompt,
    variables: Object.entries(flow.variables).map(([name, value]) => ({ name, value })),
    agentId: flow.agentId,
    model: flow.model ?? '',
    mcps: flow.mcpIds === null ? 'all' : 'some',
    mcpIds: flow.mcpIds ?? [],
    triggers: flow.triggers.map(triggerDraftOf),
    mode: flow.mode,
    approvalHours: text(flow.approvalMinutes, 60),
    catchUp: flow.catchUp,
    catchUpMax: String(flow.catchUpMax),
    overlap: flow.overlap,
    maxParallel: String(flow.maxParallel),
    retries: String(flow.retries),
    retryMinutes: text(flow.retryDelaySeconds, 60),
    timeoutMinutes: text(flow.timeoutSeconds, 60),
    pauseAfter: text(flow.pauseAfterFailures, 1),
    ...checkDraftOf(flow.preCheck),
    humanMinutes: text(flow.estimatedHumanMinutes, 1)
  }
}

function triggerDraftOf(trigger: FlowTrigger): TriggerDraft {
  const keyed = { key: trigger.id, id: trigger.id }
  switch (trigger.type) {
    case 'schedule':
      return { ...keyed, type: 'schedule', cron: trigger.cron, timezone: trigger.timezone }
    case 'webhook':
      return { ...keyed, type: 'webhook' }
    case 'flow':
      return { ...keyed, type: 'flow', flowId: trigger.flowId, on: trigger.on }
    case 'change':
      return {
        ...keyed,
        type: 'change',
        what: trigger.watched.type,
        name: nameOf(trigger.watched),
        folder: trigger.folder ?? '',
        everyMinutes: text(trigger.everySeconds, 60)
      }
    default:
      return trigger satisfies never
  }
}

type Watched = Extract<FlowTrigger, { type: 'change' }>['watched']

function nameOf(watched: Watched): string {
  return watched.type === 'file' ? watched.path : watched.ref
}

function watchedOf(what: 'file' | 'ref', name: string): Watched {
  return what === 'file' ? { type: 'file', path: name } : { type: 'ref', ref: name }
}

function checkDraftOf(check: Flow['preCheck']): Partial<FlowDraft> {
  if (check === null) return {}
  const kept = { checkFolder: check.folder ?? '', checkIfUnknown: check.ifUnknown }
  return check.type === 'command'
    ? { ...kept, check: 'command', checkCommand: writeCommandLine([check.program, ...check.args]) }
    : { ...kept, check: check.watched.type, checkName: nameOf(check.watched) }
}

/** A number of the API in a greater unit. */
function text(value: number | null, of: number): string {
  return value === null ? '' : String(Number((value / of).toFixed(3)))
}

type Checked = { values: NewFlow } | { errors: Record<string, string> }

interface Bounds {
  path: string
  /** How many of the API one of it is. */
  of: number
  min: number
  max: number
}

/** What the API is told, or the faults that can be seen without asking it, under its names. */
export function flowOf(draft: FlowDraft): Checked {
  const errors: Record<string, string> = {}
  const number = (typed: string, { path, of, min, max }: Bounds): number => {
    const value = typed.trim() === '' ? Number.NaN : Math.round(Number(typed) * of)
    if (!(value >= min && value <= max)) errors[path] = `A number from ${text(min, of)} to ${text(max, of)}`
    return value
  }
  const orNone = (typed: string, bounds: Bounds): number | null => {
    if (typed.trim() === '') return null
    const value = number(typed, bounds)
    if (errors[bounds.path]) errors[bounds.path] += ', or nothing'
    return value
  }
  if (draft.title.trim() === '') errors.title = 'Give it a title'
  if (draft.prompt.trim() === '') errors.prompt = 'Say what the agent should do'
  if (draft.agentId === '') errors.agentId = 'Choose who does it'
  const values: NewFlow = {
    title: draft.title.trim(),
    icon: orNull(draft.icon),
    description: draft.description,
    prompt: draft.prompt.trim(),
    variables: Object.fromEntries(
      draft.variables.filter(({ name }) => name.trim() !== '').map(({ name, value }) => [name.trim(), value])
    ),
    agentId: draft.agentId,
    model: orNull(draft.model),
    mcpIds: draft.mcps === 'all' ? null : [...draft.mcpIds],
    triggers: draft.triggers.map((trigger, at) => wishOf(trigger, at, errors, number)),
    mode: draft.mode,
    approvalMinutes: number(draft.approvalHours, { path: 'approvalMinutes', of: 60, min: 1, max: 10_080 }),
    catchUp: draft.catchUp,
    catchUpMax: number(draft.catchUpMax, { path: 'catchUpMax', of: 1, min: 1, max: 20 }),
    overlap: draft.overlap,
    maxParallel: number(draft.maxParallel, { path: 'maxParallel', of: 1, min: 1, max: 20 }),
    retries: number(draft.retries, { path: 'retries', of: 1, min: 0, max: 5 }),
    retryDelaySeconds: number(draft.retryMinutes, { path: 'retryDelaySeconds', of: 60, min: 1, max: 86_400 }),
    timeoutSeconds: orNone(draft.timeoutMinutes, { path: 'timeoutSeconds', of: 60, min: 5, max: 604_800 }),
    pauseAfterFailures: orNone(draft.pauseAfter, { path: 'pauseAfterFailures', of: 1, min: 1, max: 100 }),
    preCheck: checkOf(draft, errors),
    estimatedHumanMinutes: orNone(draft.humanMinutes, { path: 'estimatedHumanMinutes', of: 1, min: 1, max: 100_000 })
  }
  return Object.keys(errors).length > 0 ? { errors } : { values }
}

type Wish = z.input<typeof triggerWish>

function wishOf(
  trigger: TriggerDraft,
  at: number,
  errors: Record<string, string>,
  number: (typed: string, bounds: Bounds) => number
): Wish {
  const path = `triggers.${at}`
  const kept = trigger.id === null ? {} : { id: trigger.id }
  switch (trigger.type) {
    case 'schedule':
      if (trigger.cron.trim() === '') errors[`${path}.cron`] = 'Say when, by days and a time or by cron'
      return { ...kept, type: 'schedule', cron: trigger.cron.trim(), timezone: trigger.timezone.trim() || undefined }
    case 'webhook':
      return { ...kept, type: 'webhook' }
    case 'flow':
      if (trigger.flowId === '') errors[`${path}.flowId`] = 'Choose a flow'
      return { ...kept, type: 'flow', flowId: trigger.flowId, on: trigger.on }
    case 'change': {
      if (trigger.name.trim() === '') errors[`${path}.watched`] = 'Name what is looked at'
      return {
        ...kept,
        type: 'change',
        watched: watchedOf(trigger.what, trigger.name.trim()),
        folder: orNull(trigger.folder),
        everySeconds: number(trigger.everyMinutes, { path: `${path}.everySeconds`, of: 60, min: 60, max: 86_400 })
      }
    }
    default:
      return trigger satisfies never
  }
}

function checkOf(draft: FlowDraft, errors: Record<string, string>): NewFlow['preCheck'] {
  const kept = { folder: orNull(draft.checkFolder), ifUnknown: draft.checkIfUnknown }
  switch (draft.check) {
    case 'none':
      return null
    case 'command': {
      const words = readCommandLine(draft.checkCommand)
      const [program = '', ...args] = words ?? []
      if (words === null) errors.preCheck = 'A quote stands open'
      else if (program === '') errors.preCheck = 'Name a command'
      return { ...kept, type: 'command', program, args }
    }
    case 'file':
    case 'ref':
      if (draft.checkName.trim() === '') errors.preCheck = 'Name what is looked at'
      return { ...kept, type: 'changed', watched: watchedOf(draft.check, draft.checkName.trim()) }
    default:
      return draft.check satisfies never
  }
}

function orNull(typed: string): string | null {
  return typed.trim() === '' ? null : typed.trim()
}

/** What the server says of it, by the field of the form that it belongs to: faults inside of one stand with it. */
export function errorAt(errors: Readonly<Record<string, string>>, path: string): string | undefined {
  return errors[path] ?? Object.entries(errors).find(([one]) => one.startsWith(`${path}.`))?.[1]
}
