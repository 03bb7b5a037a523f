import type { Agent } from '#contract/fleet/agents'
import { isEnded, type Run } from '#contract/runs/runs'
import type { Epic } from '#contract/work/tasks'
import { type AgentState, stateOf } from '../../../parts/agent-status.tsx'

/** An agent with the run that tells what it does, wants or did last. */
export interface Member {
  agent: Agent
  run: Run | undefined
  state: AgentState
}

export type Line =
  | { type: 'head'; id: string; title: string; count: number }
  /** `id` of the line: the same agent may stand under several heads. */
  | { type: 'agent'; id: string; member: Member }

export const groupings = ['status', 'team', 'epic', 'place'] as const
export type Grouping = (typeof groupings)[number]

/** Of several live runs the one that needs a person tells, then the one that works, then the one that is next. */
const told: Run['status'][] = ['WAITING', 'RUNNING', 'CLAIMED', 'QUEUED']

export function membersOf(agents: readonly Agent[], live: readonly Run[], ended: readonly Run[]): Member[] {
  const byAgent = Map.groupBy(live, run => run.agentId)
  const last = new Map<string | null, Run>()
  for (const run of ended) if ((last.get(run.agentId)?.number ?? 0) < run.number) last.set(run.agentId, run)
  return agents.map(agent => {
    const its = (byAgent.get(agent.id) ?? []).filter(run => !isEnded(run.status))
    const [first] = its.sort((a, b) => told.indexOf(a.status) - told.indexOf(b.status) || a.number - b.number)
    return memberOf(agent, first ?? last.get(agent.id))
  })
}

const known = new WeakMap<Agent, Member>()

/** The same object while nothing of it changed, so that its row is not drawn again. */
function memberOf(agent: Agent, run: Run | undefined): Member {
  const before = known.get(agent)
  if (before && before.run === run) return before
  const member = { agent, run, state: stateOf(agent, run) }
  known.set(agent, member)
  return member
}

const statusGroups: readonly { id: string; title: string; states: readonly AgentState[] }[] = [
  { id: 'needs', title: 'Needs you', states: ['waiting'] },
  { id: 'running', title: 'Running', states: ['running'] },
  { id: 'queued', title: 'Queued and failed', states: ['queued', 'failed', 'degraded'] },
  { id: 'rest', title: 'At rest', states: ['idle', 'paused', 'archived'] }
]

interface Known {
  /** Where an agent works, in words. */
  placeOf: (member: Member) => string
  epics: readonly Pick<Epic, 'id' | 'title' | 'agentIds'>[]
}

export function linesOf(members: readonly Member[], by: Grouping, { placeOf, epics }: Known): Line[] {
  if (by === 'epic') return linesByEpic(members, epics)
  if (by === 'place') {
    const places = [...Map.groupBy(members, placeOf)].sort(([a], [b]) => a.localeCompare(b))
    return places.flatMap(([place, its]) => group(`place ${place}`, place, its.sort(byName)))
  }
  if (by === 'team') {
    const teams = [...Map.groupBy(members, ({ agent }) => agent.team ?? '')].sort(([a], [b]) => byTeam(a, b))
    return teams.flatMap(([team, its]) => group(`team ${team}`, team || 'No team', its.sort(byName)))
  }
  return statusGroups.flatMap(({ id, title, states }) => {
    const its = members.filter(member => states.includes(member.state))
    return group(id, title, its.sort(id === 'rest' ? byActivity : byAge))
  })
}

/** An agent stands under each epic that it has open tasks of; who has none comes last. */
function linesByEpic(members: readonly Member[], epics: Known['epics']): Line[] {
  const inSome = new Set(epics.flatMap(epic => epic.agentIds))
  const groups = epics
    .toSorted((a, b) => a.title.localeCompare(b.title))
    .map(({ id, title, agentIds }) => {
      const ids = new Set(agentIds)
      return group(`epic ${id}`, title, members.filter(({ agent }) => ids.has(agent.id)).sort(byName))
    })
  const rest = members.filter(({ agent }) => !inSome.has(agent.id)).sort(byName)
  const seen = new Set<string>()
  return [...groups.flat(), ...group('epic', 'No epic', rest)].map((line, at) => {
    if (line.type === 'head' || !seen.has(line.id)) {
      seen.add(line.id)
      return line
    }
    return { ...line, id: `${line.id} ${at}` }
  })
}

function group(id: string, title: string, members: readonly Member[]): Line[] {
  if (members.length === 0) return []
  const head: Line = { type: 'head', id, title, count: members.length }
  return [head, ...members.map((member): Line => ({ type: 'agent', id: member.agent.id, member }))]
}

/** Those without a team come last. */
function byTeam(a: string, b: string): number {
  if (a === '' || b === '') return a === b ? 0 : a === '' ? 1 : -1
  return a.localeCompare(b)
}

const byName = (a: Member, b: Member) => a.agent.name.localeCompare(b.agent.name)
/** Who is blocked or at it longest comes first. */
const byAge = (a: Member, b: Member) => a.agent.statusSince.localeCompare(b.agent.statusSince) || byName(a, b)
const byActivity = (a: Member, b: Member) =>
  (b.agent.lastActiveAt ?? '').localeCompare(a.agent.lastActiveAt ?? '') || byName(a, b)

/** What is asked for; an empty word asks for nothing. */
export interface Wanted {
  states: readonly AgentState[] | null
  search: string
  /** Id of it. */
  runtime: string
  /** As its words say. */
  place: string
  tag: string
}

export function isWanted(member: Member, wanted: Wanted, placeOf: Known['placeOf']): boolean {
  return (
    (wanted.states === null || wanted.states.includes(member.state)) &&
    (wanted.runtime === '' || runtimeOf(member) === wanted.runtime) &&
    (wanted.place === '' || placeOf(member) === wanted.place) &&
    (wanted.tag === '' || member.agent.tags.includes(wanted.tag)) &&
    (wanted.search === '' || matches(member, wanted.search))
  )
}

/** The one it is set to, else the one that its run got; unknown before its first. */
export function runtimeOf({ agent, run }: Member): string | null {
  return agent.runtime ?? run?.runtime ?? null
}

/** Words that all stand in what a person knows of an agent. */
function matches({ agent }: Member, text: string): boolean {
  const known = [agent.name, agent.slug, agent.description, agent.team ?? '', ...agent.tags].join('\n').toLowerCase()
  return text
    .toLowerCase()
    .split(/\s+/)
    .every(word => known.includes(word))
}
