import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo, useRef } from 'react'
import { getActivity } from '#contract/fleet/activity'
import { endedStatuses, isEnded, type Run } from '#contract/runs/runs'
import { call } from '../../../lib/call.ts'
import { useMinute } from '../../../lib/now.ts'
import { keys } from '../../../lib/query-keys.ts'
import { useAgents } from '../../../parts/agents.ts'
import { placeOf } from '../../../parts/place.ts'
import { useRunList } from '../../../parts/run-list.ts'
import { useRunners } from '../../../parts/runners.ts'
import { type Busy, busyOf, keptBusy } from './activity.ts'
import { type Member, membersOf } from './fleet-lines.ts'

/** Live runs looked at; beyond it nobody reads them as a list. */
const mostLive = 500
const liveRuns = { status: 'WAITING,RUNNING,CLAIMED,QUEUED' }
const endedRuns = { status: endedStatuses.join(',') }
const none: never[] = []
/** Whoever comes back after a while gets figures of that moment; what is seen all the time is kept right by changes. */
const figuresLastMs = 60_000

/**
 * Every agent with the run that tells how it stands, and how busy each was: four questions to the server, however many
 * agents there are.
 */
export function useMembers(archived: boolean) {
  const agents = useAgents(archived ? 'archived' : 'present')
  const live = useRunList(liveRuns, { limit: mostLive })
  const ended = useRunList(endedRuns)
  const liveOnes = useMemo(() => live.data?.pages.flatMap(page => page.data) ?? none, [live.data])
  const endedOnes = useEnded(liveOnes, ended.data?.pages[0]?.data ?? none)
  const members = useMemo(() => membersOf(agents.data ?? none, liveOnes, endedOnes), [agents.data, liveOnes, endedOnes])
  const lists = [agents, live, ended]
  return {
    members: lists.every(list => list.data !== undefined) ? members : undefined,
    busy: useBusy(liveOnes, endedOnes),
    error: lists.find(list => list.isError && list.data === undefined)?.error ?? null,
    again: () => void Promise.all(lists.map(list => list.refetch()))
  }
}

/** Ended runs of the list, and what became of those that were live here: they may be older than all of it. */
function useEnded(live: readonly Run[], ended: readonly Run[]): readonly Run[] {
  const queries = useQueryClient()
  const watched = useRef(new Map<string, Run>())
  return useMemo(() => {
    for (const [agentId, run] of watched.current) {
      const state = queries.getQueryState<Run>(keys.run(run.id))
      if (state?.isInvalidated) watched.current.delete(agentId)
      else if (state?.data) watched.current.set(agentId, state.data)
    }
    const became = [...watched.current.values()].filter(run => isEnded(run.status))
    for (const run of live) if (run.agentId !== null) watched.current.set(run.agentId, run)
    return [...ended, ...became]
  }, [queries, live, ended])
}

const nobody: ReadonlyMap<string, Busy> = new Map()

/** Until the figures are there, and without them, the list stands without bars. */
function useBusy(live: readonly Run[], ended: readonly Run[]): ReadonlyMap<string, Busy> {
  const figures = useQuery({
    queryKey: keys.activity,
    queryFn: ({ signal }) => call(getActivity, { signal }),
    staleTime: figuresLastMs
  }).data
  const now = useMinute()
  const kept = useRef(nobody)
  return useMemo(() => {
    if (figures) kept.current = keptBusy(kept.current, busyOf(figures, [...live, ...ended], now))
    return kept.current
  }, [figures, live, ended, now])
}

/** Where an agent works, or did last, in words. */
export function usePlaceOf(): (member: Member) => string {
  const runners = useRunners().data?.data
  return useCallback(({ agent, run }) => placeOf(agent, run, runners), [runners])
}
