import { type QueryClient, useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import {
  type Agent,
  type AgentPatch,
  archiveAgent,
  changeAgent,
  createAgent,
  executeAgent,
  getAgent,
  listAgents,
  maxAgents,
  type NewAgent,
  restartAgent,
  restoreAgent,
  startAgent,
  stopAgent
} from '#contract/fleet/agents'
import type { PromptImage } from '#contract/runs/images'
import { cancelRun, type Run } from '#contract/runs/runs'
import { applyRun, refreshRunsByTag } from '../lib/apply-change.ts'
import { call } from '../lib/call.ts'
import { cached } from '../lib/nouns.ts'
import { keys } from '../lib/query-keys.ts'
import type { Otherwise } from './runs.ts'
import { each } from './selection.ts'

/** Also called with the answer of an own request, so that nothing waits for the connection. */
export function applyAgent(queries: QueryClient, change: Parameters<typeof intoCaches>[1]): void {
  if (change.data) refreshRunsByTag(queries, change.data)
  intoCaches(queries, change)
}

const intoCaches = cached<Agent>({ one: keys.agent, lists: keys.agentLists })

const pageSize = 500

/** All agents that are not archived, or all that are; most recent first. */
export function useAgents(of: 'present' | 'archived' = 'present', enabled = true) {
  return useQuery({
    queryKey: keys.agentList(of),
    enabled,
    queryFn: async ({ signal }) => {
      const status = of === 'archived' ? ({ status: 'archived' } as const) : {}
      const data: Agent[] = []
      for (let more = true; more && data.length < maxAgents; ) {
        const page = await call(listAgents, { query: { ...status, limit: pageSize, offset: data.length }, signal })
        data.push(...page.data)
        more = page.pagination.hasMore
      }
      return { data }
    },
    // A change leaves one that was archived, or brought back, where it stood.
    select: ({ data }) => data.filter(agent => (agent.status === 'archived') === (of === 'archived'))
  })
}

/** All tags that there are, by the alphabet. */
export function tagsOf(agents: readonly Pick<Agent, 'tags'>[]): string[] {
  return [...new Set(agents.flatMap(({ tags }) => tags))].sort((a, b) => a.localeCompare(b))
}

export function useAgent(id: string) {
  return useQuery({ queryKey: keys.agent(id), queryFn: ({ signal }) => call(getAgent, { params: { id }, signal }) })
}

const deeds = {
  pause: stopAgent,
  resume: startAgent,
  archive: archiveAgent,
  restore: restoreAgent,
  forget: restartAgent
} as const
export type AgentDeed = keyof typeof deeds

function useApply() {
  const queries = useQueryClient()
  return (agent: Agent) => applyAgent(queries, { id: agent.id, op: 'changed', data: agent })
}

/** Everything that one word does to an agent. */
export function useAgentDeed() {
  const onSuccess = useApply()
  return useMutation({
    mutationFn: ({ id, deed }: { id: string; deed: AgentDeed }) => call(deeds[deed], { params: { id } }),
    onSuccess
  })
}

/** What is done to several agents; each answers with what failed. */
export function useAgentsTogether() {
  const queries = useQueryClient()
  const apply = useApply()
  return {
    deed: (agents: readonly Agent[], deed: AgentDeed) =>
      each(agents, ({ id }) => call(deeds[deed], { params: { id } }).then(apply)),
    tag: (agents: readonly Agent[], tag: string) =>
      each(agents, ({ id, tags }) =>
        call(changeAgent, { params: { id }, body: { tags: [...new Set([...tags, tag])] } }).then(apply)
      ),
    stop: (runs: readonly Run[]) =>
      each(runs, ({ id }) => call(cancelRun, { params: { id }, body: {} }).then(run => applyRun(queries, run)))
  }
}

/** `key` stays the same while the form does: sent twice after a lost answer, it counts once. */
export function useCreateAgent() {
  const onSuccess = useApply()
  return useMutation({
    mutationFn: ({ body, key }: { body: NewAgent; key: string }) => call(createAgent, { body, idempotencyKey: key }),
    onSuccess
  })
}

export function useChangeAgent(id: string) {
  const onSuccess = useApply()
  return useMutation({
    mutationFn: (body: AgentPatch) => call(changeAgent, { params: { id }, body }),
    onSuccess
  })
}

/** A run with the agent's own settings; it goes on in its conversation where there is one. */
export function useExecuteAgent(id: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({
      fresh,
      key,
      ...body
    }: { prompt: string; images?: PromptImage[]; fresh: boolean; key: string } & Otherwise) =>
      call(executeAgent, { params: { id }, body: { ...body, continue: !fresh }, idempotencyKey: key }),
    onSuccess: run => applyRun(queries, run)
  })
}

/** Agents by id, also those of the given ids that are archived. */
export function useAgentsById(ids: readonly (string | null)[]): ReadonlyMap<string, Agent> {
  const { data: present } = useAgents()
  const known = new Map(present?.map(agent => [agent.id, agent]))
  const missing = present ? [...new Set(ids)].filter(id => id !== null).filter(id => !known.has(id)) : []
  const found = useQueries({
    queries: missing.map(id => ({
      queryKey: keys.agent(id),
      queryFn: ({ signal }: { signal: AbortSignal }) => call(getAgent, { params: { id }, signal })
    }))
  })
  for (const { data } of found) if (data) known.set(data.id, data)
  return known
}
