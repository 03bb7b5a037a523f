import type { RunItem } from '#contract/runners/runner-protocol'
import { launchBody } from '#contract/runs/runs'
import type { RunRow } from '../../store/runs/runs.ts'
import type { Domain } from '../domain.ts'
import { approve, deny } from '../runs/approvals.ts'
import { endRun } from '../runs/run-ending.ts'
import { appendItems } from '../runs/run-items.ts'
import { moveRun } from '../runs/run-moves.ts'
import { launchRun } from '../runs/runs.ts'
import { runTask } from '../work/tasks.ts'
import { type DemoRun, type DemoStep, demoAgents, demoContextMax } from './story.ts'

/** An item before it has its number. */
type Item = RunItem extends infer One ? (One extends { n: number } ? Omit<One, 'n'> : never) : never

/** Has a run happen as a runner would tell it; answers its id. `before`: the domain so many minutes ago. */
export function playRun(
  before: (minutes: number) => Domain,
  told: DemoRun,
  agentId: string,
  taskId: string | undefined
): string {
  const then = before(told.minutesAgo)
  const { id } = taskId
    ? runTask(then, taskId)
    : launchRun(then, launchBody.parse({ prompt: told.prompt, agentId, runtime: 'practice' }))
  const each = told.minutes / (told.steps.length + 2)
  const domainAt = (step: number) => before(told.minutesAgo - each * step)
  let run = moveRun(then, requireRow(then, id), 'CLAIMED', null, { attempt: 1 })
  const send = (domain: Domain, ...items: Item[]): void => {
    const numbered = items.map((item, i) => ({ ...item, n: run.acked + i + 1 }) as RunItem)
    run = appendItems(domain, requireRow(domain, id), { items: numbered }).run
  }
  send(
    then,
    { type: 'started', ts: timeOf(then) },
    { type: 'facts', facts: { model: demoAgents[told.agent]?.model ?? '' } }
  )
  told.steps.forEach((step, i) => {
    const domain = domainAt(i + 1)
    if (step.kind === 'asked') ask(domain, domainAt(i + 1.5), id, step, `ask-${i}`, send)
    else send(domain, ...itemsOf(step, `call-${i}`, timeOf(domain)))
  })
  const end = domainAt(told.steps.length + 2)
  send(end, factsOf(told))
  const error = told.outcome === 'FAILED' ? { code: 'MODEL_ERROR' as const, message: told.words } : null
  endRun(end, requireRow(end, id), { status: told.outcome, result: error ? null : told.words, error })
  return id
}

function requireRow(domain: Domain, id: string): RunRow {
  const row = domain.store.runs.byId(id)
  if (!row) throw new Error(`demo run ${id} vanished`)
  return row
}

function timeOf(domain: Domain): string {
  return new Date(domain.clock.now()).toISOString()
}

function factsOf({ inputTokens, outputTokens, costUsd, contextUsed }: DemoRun): Item {
  const usage = { inputTokens, outputTokens, cacheReadTokens: 0, cacheWriteTokens: 0 }
  return { type: 'facts', facts: { usage, costUsd, contextUsed, contextMax: demoContextMax } }
}

/** Asked, and decided after a while. */
function ask(
  domain: Domain,
  decided: Domain,
  runId: string,
  { command, allowed }: Extract<DemoStep, { kind: 'asked' }>,
  key: string,
  send: (domain: Domain, ...items: Item[]) => void
): void {
  send(domain, {
    type: 'approval',
    ts: timeOf(domain),
    key,
    kind: 'tool',
    tool: 'Bash',
    toolUseId: null,
    title: 'wants to run a command',
    subject: command,
    input: { command },
    reason: 'Part of the demo: nothing is run.'
  })
  const [open] = domain.store.approvals.openOf(requireRow(domain, runId).number)
  if (!open) return
  if (allowed) approve(decided, open.id, { scope: 'once' })
  else deny(decided, open.id, 'Not in a demo')
}

function itemsOf(step: Exclude<DemoStep, { kind: 'asked' }>, toolUseId: string, ts: string): Item[] {
  if ('text' in step && step.kind !== 'tool')
    return [{ type: 'event', ts, kind: step.kind, message: step.text, data: {} }]
  const { tool, toolKind, argument, result } = toolCallOf(step)
  return [
    {
      type: 'event',
      ts,
      kind: 'tool_use',
      message: `${tool} ${argument}`,
      data: { toolUseId, tool, toolKind, argument, input: { argument } }
    },
    {
      type: 'event',
      ts,
      kind: 'tool_result',
      message: result.text.split('\n', 1)[0] ?? '',
      data: { toolUseId, durationMs: 900, ...result }
    }
  ]
}

function toolCallOf(step: Extract<DemoStep, { kind: 'tool' | 'edit' }>) {
  if (step.kind === 'tool') {
    const { tool, toolKind, argument, text, exit = 0 } = step
    return {
      tool,
      toolKind,
      argument,
      result: { text, isError: exit !== 0, ...(toolKind === 'command' ? { exitCode: exit } : {}) }
    }
  }
  const { path, from, lines } = step
  const [oldLines, newLines] = ['+', '-'].map(sign => lines.filter(line => !line.startsWith(sign)).length)
  const hunks = [{ oldStart: from, oldLines, newStart: from, newLines, lines }]
  return {
    tool: 'Edit',
    toolKind: 'edit',
    argument: path,
    result: { text: '', isError: false, diff: { path, created: false, hunks } }
  }
}
