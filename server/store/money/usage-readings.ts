import type { Database } from '../database.ts'
import { sumsOf, type UsageSums } from './usage.ts'

export interface AgentModelRow extends UsageSums {
  agent_id: string
  name: string
  provider: string
  model: string
  first_day: string
}

export interface AgentFigures extends UsageSums {
  agent_id: string
  name: string
  /** JSON of its last runs; null when none is remembered. */
  recent: string | null
}

/** Sums over all agents, which may be many. */
export function usageReadings(db: Database) {
  const sums = sumsOf('u')
  const byModel = db.prepare<[string], AgentModelRow>(
    `SELECT u.agent_id, a.name, max(u.provider) AS provider, u.model, min(u.day) AS first_day, ${sums}
     FROM usage_daily u JOIN agents a ON a.id = u.agent_id WHERE u.day >= ? GROUP BY u.agent_id, u.model`
  )
  const byAgent = db.prepare<[string], AgentFigures>(
    `SELECT u.agent_id, a.name, r.runs AS recent, ${sums}
     FROM usage_daily u JOIN agents a ON a.id = u.agent_id LEFT JOIN agent_recent r ON r.agent_id = u.agent_id
     WHERE u.day >= ? GROUP BY u.agent_id ORDER BY total(u.runs) DESC, a.number`
  )
  return {
    usageByAgentAndModel: ({ from }: { from: string }): AgentModelRow[] => byModel.all(from),
    usageByAgent: ({ from }: { from: string }): AgentFigures[] => byAgent.all(from)
  }
}
