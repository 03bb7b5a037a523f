import type { Agent } from '#contract/fleet/agents'
import type { Runner } from '#contract/runners/runners'
import type { Run } from '#contract/runs/runs'
import { placeWords, useRunners } from './runners.ts'

const kinds: Record<string, string> = { host: 'This computer', container: 'Container' }

/**
 * The place of a run, else that of the next run of an agent, in words. Of a place at this computer the kind is enough, a far one
 * is told by its runner.
 */
export function placeOf(agent: Pick<Agent, 'place'>, run: Run | undefined, runners: readonly Runner[] = []): string {
  const { place, runnerId } = run ?? { ...agent, runnerId: null }
  const kind = kinds[place] ?? place
  const runner = runners.find(({ id }) => id === runnerId)
  if (runner?.kind === 'remote') {
    const there = placeWords({ ...runner, draining: false })
    return place === 'host' ? there : `${kind} · ${there}`
  }
  // Without far runners there is but one computer.
  if (runner || runners.every(one => one.kind === 'builtin')) return kind
  if (runnerId !== null) return 'A runner that is gone'
  return place === 'host' ? 'Any computer' : `${kind} · any computer`
}

export function usePlace(agent: Pick<Agent, 'place'>, run: Run | undefined): string {
  return placeOf(agent, run, useRunners().data?.data)
}
