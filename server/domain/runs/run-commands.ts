import type { RunCommand } from '#contract/runs/commands'
import { type RunEvent, systemEventData } from '#contract/runs/events'
import type { RunRow } from '../../store/runs/runs.ts'
import type { Domain } from '../domain.ts'
import { requireRun } from './runs.ts'

/** A runtime tells them when it starts. */
const lookedAt = 200
/** Runs before it, of the same session. */
const furthest = 20

/** What its runtime told, in this run or the nearest before it that told anything. */
export function listCommands(domain: Domain, id: string): RunCommand[] {
  let run: RunRow | undefined = requireRun(domain, id)
  for (let i = 0; run && i <= furthest; i++) {
    const told = toldIn(domain, run)
    if (told.length > 0) return told.map(name => ({ name }))
    run = run.parent_run_id === null ? undefined : domain.store.runs.byId(run.parent_run_id)
  }
  return []
}

function toldIn({ store }: Domain, { number }: RunRow): string[] {
  for (const { body } of store.events.holding(number, 0, lookedAt, '%"commands":[%').reverse()) {
    const { kind, data } = JSON.parse(body) as RunEvent
    const { data: told } = systemEventData.safeParse(data)
    if (kind === 'system' && told?.subtype === 'init' && told.commands) return told.commands
  }
  return []
}
