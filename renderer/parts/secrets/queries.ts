import { useQuery, useQueryClient } from '@tanstack/react-query'
import { listAgents } from '#contract/fleet/agents'
import { deleteSecret, listSecrets, type Secret, setSecret } from '#contract/fleet/secrets'
import { call } from '../../lib/call.ts'
import { keys } from '../../lib/query-keys.ts'

export function useSecrets() {
  return useQuery({ queryKey: keys.secrets, queryFn: ({ signal }) => call(listSecrets, { signal }) })
}

/** Those that are for an agent: its own and those of the organisation. */
export function useSecretsFor(agentId: string) {
  return useQuery({
    queryKey: keys.secretsFor(agentId),
    queryFn: ({ signal }) => call(listSecrets, { query: { reaches: agentId }, signal })
  })
}

/** For the choice of whose a secret is, and for their names. */
export function useAgentNames() {
  return useQuery({
    queryKey: keys.agentNames,
    queryFn: ({ signal }) => call(listAgents, { query: { limit: 500 }, signal })
  }).data?.data
}

/** Where a secret lies; `key` alone is not enough, an agent may have its own. */
export type Address = Pick<Secret, 'key' | 'scope' | 'agentId'>

export function addressOf({ key, scope, agentId }: Address): string {
  return `${scope} ${agentId ?? ''} ${key}`
}

const partsOf = ({ scope, agentId }: Address) => ({ scope, ...(agentId === null ? {} : { agentId }) })

export function useSecretDeeds() {
  const queries = useQueryClient()
  const again = () => queries.invalidateQueries({ queryKey: keys.secrets })
  return {
    /** Answers with a warning, when the value cannot be hidden. */
    set: async (address: Address, value: string) => {
      const { warning } = await call(setSecret, { body: { ...partsOf(address), key: address.key, value } })
      await again()
      return warning
    },
    remove: async (address: Address) => {
      await call(deleteSecret, { params: { key: address.key }, query: partsOf(address) })
      await again()
    }
  }
}
