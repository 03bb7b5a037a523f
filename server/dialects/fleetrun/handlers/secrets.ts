import * as agents from '../../../domain/fleet/agents.ts'
import * as secrets from '../../../domain/fleet/secrets.ts'
import { Answered, type Route, read, write } from '../../../http/for-faces.ts'
import * as theirs from '../endpoints/secrets.ts'

const ok = { ok: true as const }

export function secretRoutes(): Route[] {
  return [
    read(theirs.listSecrets, ({ domain, query: { scope, agent } }) => {
      const agentId =
        scope === 'org' || agent === undefined ? undefined : agents.referredAgent(domain, 'agent', agent).id
      return secrets.listSecrets(domain, { scope, agentId })
    }),
    write(theirs.setSecret, ({ domain, body }) => {
      const { made } = secrets.setSecret(domain, { ...body, agentId: body.agentId ?? undefined })
      return made ? ok : new Answered(200, ok)
    }),
    write(theirs.deleteSecret, ({ domain, query: { key, scope, agentId } }) => {
      secrets.deleteSecret(domain, key, { scope, agentId: agentId ?? undefined })
      return ok
    })
  ]
}
