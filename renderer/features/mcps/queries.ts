import { useQuery, useQueryClient } from '@tanstack/react-query'
import { deleteMcp, listMcps, type Mcp } from '#contract/fleet/mcps'
import { listSecrets } from '#contract/fleet/secrets'
import { call } from '../../lib/call.ts'
import { keys } from '../../lib/query-keys.ts'
import { useAgents } from '../../parts/agents.ts'

export function useMcps() {
  return useQuery({ queryKey: keys.mcps, queryFn: ({ signal }) => call(listMcps, { signal }) })
}

/** Keys of the secrets that every run may be given; those of single agents are not put in everywhere. */
export function useSecretKeys(): readonly string[] {
  const { data } = useQuery({ queryKey: keys.secrets, queryFn: ({ signal }) => call(listSecrets, { signal }) })
  return data?.data.filter(({ scope }) => scope === 'org').map(({ key }) => key) ?? []
}

/** Who is given a server: agents without a list of their own get all. */
export interface Receivers {
  everybody: boolean
  names: readonly string[]
}

export function useReceivers(): ((id: string) => Receivers) | null {
  const agents = useAgents().data
  if (!agents) return null
  return id => {
    const its = agents.filter(({ mcpIds }) => mcpIds === null || mcpIds.includes(id))
    return { everybody: its.length === agents.length, names: its.map(({ name }) => name) }
  }
}

export function useAskAgain(): () => Promise<void> {
  const queries = useQueryClient()
  return () => queries.invalidateQueries({ queryKey: keys.mcps })
}

export function useRemoveMcp() {
  const again = useAskAgain()
  return async ({ id }: Mcp) => {
    await call(deleteMcp, { params: { id } })
    await again()
  }
}
