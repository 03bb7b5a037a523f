import type { Secret } from '#contract/fleet/secrets'

export interface Reaching {
  secret: Secret
  /** It is not given: the agent has one of its own under this key. */
  overruled: boolean
}

/** Of what is for an agent, key by key: its own ahead of that of the organisation, which it takes the place of. */
export function reaching(secrets: readonly Secret[]): Reaching[] {
  const own = new Set(secrets.filter(({ agentId }) => agentId !== null).map(({ key }) => key))
  return secrets
    .map(secret => ({ secret, overruled: secret.agentId === null && own.has(secret.key) }))
    .sort((a, b) =>
      a.secret.key < b.secret.key ? -1 : a.secret.key > b.secret.key ? 1 : Number(a.overruled) - Number(b.overruled)
    )
}
