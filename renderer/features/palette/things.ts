import { useQuery } from '@tanstack/react-query'
import type { Agent } from '#contract/fleet/agents'
import type { Approval } from '#contract/runs/approvals'
import { listRuns, type Run } from '#contract/runs/runs'
import { type Flow, listFlows } from '#contract/work/flows'
import { listTasks, type Task } from '#contract/work/tasks'
import { call } from '../../lib/call.ts'
import { titleOf } from '../../lib/format.ts'
import { keys } from '../../lib/query-keys.ts'
import { useRested } from '../../lib/rested.ts'
import { runFolder } from '../../parts/run-folder.ts'

/** Something that can be opened, and has actions of its own. */
export type Thing =
  | { kind: 'agent'; agent: Agent }
  | { kind: 'run'; run: Run }
  | { kind: 'task'; task: Task }
  | { kind: 'flow'; flow: Flow }
  | { kind: 'approval'; approval: Approval }

/** Unique among the entries. */
export function entryOf(thing: Thing): string {
  switch (thing.kind) {
    case 'agent':
      return `agent ${thing.agent.id}`
    case 'run':
      return `run ${thing.run.id}`
    case 'task':
      return `task ${thing.task.id}`
    case 'flow':
      return `flow ${thing.flow.id}`
    case 'approval':
      return `approval ${thing.approval.id}`
  }
}

export function addressOf(thing: Thing): string {
  switch (thing.kind) {
    case 'agent':
      return `/fleet/${thing.agent.id}`
    case 'run':
      return `/runs/${thing.run.id}`
    case 'task':
      return `/tasks/${thing.task.id}`
    case 'flow':
      return `/flows/${thing.flow.id}`
    case 'approval':
      return `/approvals/${thing.approval.id}`
  }
}

export const wordsOfAgent = ({ name, slug, team, role }: Agent) => [name, `@${slug}`, team ?? '', role].filter(Boolean)
export const wordsOfRun = (run: Run) => [titleOf(run), `#${run.number}`, runFolder(run)]
export const wordsOfFlow = ({ title }: Flow) => [title]
export const wordsOfTask = ({ title, number }: Task) => [title, `T-${number}`, `#${number}`]

/** `@` and `#` say what is looked for; without either it is everything. */
export function lookedFor(words: string): { agents: boolean; work: boolean; rest: boolean; words: string } {
  if (words.startsWith('@')) return { agents: true, work: false, rest: false, words: words.slice(1) }
  if (words.startsWith('#')) return { agents: false, work: true, rest: false, words }
  return { agents: true, work: true, rest: true, words }
}

const known = 100
const found = 12
const typedMs = 150

interface Work {
  runs: readonly Run[]
  tasks: readonly Task[]
  flows: readonly Flow[]
}

/** The latest runs, tasks and flows, and those that the server finds by the words among all there are. */
export function useWork(words: string): Work {
  const asked = useRested(words.trim(), typedMs)
  const runs = useQuery({
    queryKey: [...keys.paletteRuns, 'runs'],
    queryFn: ({ signal }) => call(listRuns, { query: { limit: known }, signal }),
    staleTime: 0
  })
  const tasks = useQuery({
    queryKey: [...keys.paletteRuns, 'tasks'],
    queryFn: ({ signal }) => call(listTasks, { query: { limit: known }, signal }),
    staleTime: 0
  })
  const flows = useQuery({
    queryKey: [...keys.paletteRuns, 'flows'],
    queryFn: ({ signal }) => call(listFlows, { query: { limit: known }, signal }),
    staleTime: 0
  })
  const more = useQuery({
    queryKey: [...keys.paletteRuns, 'found', asked],
    queryFn: async ({ signal }) => {
      const query = { search: asked, limit: found }
      const [foundRuns, foundTasks, foundFlows] = await Promise.all([
        call(listRuns, { query, signal }),
        call(listTasks, { query, signal }),
        call(listFlows, { query, signal })
      ])
      return { runs: foundRuns.data, tasks: foundTasks.data, flows: foundFlows.data }
    },
    enabled: asked.length > 1,
    staleTime: 0
  })
  return {
    runs: withoutTwins([...(runs.data?.data ?? []), ...(more.data?.runs ?? [])]),
    tasks: withoutTwins([...(tasks.data?.data ?? []), ...(more.data?.tasks ?? [])]),
    flows: withoutTwins([...(flows.data?.data ?? []), ...(more.data?.flows ?? [])])
  }
}

function withoutTwins<Item extends { id: string }>(items: readonly Item[]): Item[] {
  return [...new Map(items.map(item => [item.id, item])).values()]
}
