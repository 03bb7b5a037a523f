import type { Agent } from '#contract/fleet/agents'
import type { Runner } from '#contract/runners/runners'
import type { Run } from '#contract/runs/runs'
import { placeWords, useRunners } from './runners.ts'

/** Where an agent's process runs; `id` tells it from others of the same words. */
export interface PlaceInWords {
  id: string
  words: string
}

const kinds: Record<string, string> = { host: 'This computer', container: 'Container' }

/** The place of a run, else that of the next run of an agent. Of places at this computer the kind is enough, far ones are named. */
export function placeOf(
  agent: Pick<Agent, 'place'>,
  run: Run | undefined,
  runners: readonly Runner[] = []
): PlaceInWords {
  const { place, runnerId } = run ?? { ...agent, runnerId: null }
  const kind = kinds[place] ?? place
  const runner = runners.find(({ id }) => id === runnerId)
  if (runner?.kind === 'remote') {
    const there = placeWords({ ...runner, draining: false })
    return { id: `${place} ${runner.id}`, words: place === 'host' ? there : `${kind} · ${there}` }
  }
  // Without far runners there is but one computer.
  if (runner || runners.every(one => one.kind === 'builtin')) return { id: place, words: kind }
  return runnerId === null
    ? { id: `${place} any`, words: place === 'host' ? 'Any computer' : `${kind} · any computer` }
    : { id: `${place} gone`, words: 'A runner that is gone' }
}

export function usePlace(agent: Pick<Agent, 'place'>, run: Run | undefined): PlaceInWords {
  return placeOf(agent, run, useRunners().data?.data)
}
