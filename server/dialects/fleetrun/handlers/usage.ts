import * as agents from '../../../domain/fleet/agents.ts'
import { usage } from '../../../domain/money/usage.ts'
import { type Route, read } from '../../../http/for-faces.ts'
import * as theirs from '../endpoints/usage.ts'
import { toTheirUsage } from '../translate.ts'

export function usageRoutes(): Route[] {
  return [
    read(theirs.getUsage, ({ domain, query: { period, agent } }) => {
      const agentId = agent === undefined ? undefined : agents.referredAgent(domain, 'agent', agent).id
      const by = (groupBy: 'agent' | 'model' | 'day') => usage(domain, { period, groupBy, agentId }).data
      return toTheirUsage({ agent: by('agent'), model: by('model'), day: by('day') })
    })
  ]
}
