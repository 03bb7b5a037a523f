import { Plus } from 'lucide-react'
import { lazy, Suspense, useEffect, useMemo } from 'react'
import { Link, useLocation } from 'wouter'
import { wordsOf } from '../../../lib/call.ts'
import { useHotkeys } from '../../../lib/hotkeys.ts'
import { useEpics } from '../../../parts/epics.ts'
import { useSelection } from '../../../parts/selection.ts'
import { useMay } from '../../../parts/who.ts'
import { Button, Content, classOf } from '../../../ui/button.tsx'
import { Empty, Problem, SkeletonRows } from '../../../ui/notice.tsx'
import { Bar, Gap, Title } from '../../../ui/page.tsx'
import { FleetFilterRow } from './fleet-filter-row.tsx'
import { type FleetFilters, useFleetFilters } from './fleet-filters.ts'
import { FleetGrid } from './fleet-grid.tsx'
import { isWanted, linesOf } from './fleet-lines.ts'
import { FleetTable } from './fleet-table.tsx'
import { Health } from './health.tsx'
import { SelectedAgents } from './selected-agents.tsx'
import { useMembers, usePlaceOf } from './use-members.ts'

const FirstRun = lazy(() => import('./first-run.tsx').then(module => ({ default: module.FirstRun })))

const noEpics: never[] = []

export function FleetPage() {
  const filters = useFleetFilters()
  const { state, wanted, group } = filters
  const { busy, ...list } = useMembers(state?.id === 'archived')
  const [, navigate] = useLocation()
  const placeOf = usePlaceOf()
  const mayWrite = useMay('write')
  const ofEpics = useEpics(group === 'epic')
  const epics = ofEpics.data?.data ?? noEpics
  const members = group === 'epic' && ofEpics.isPending ? undefined : list.members
  const { error, again } = list
  const lines = useMemo(() => {
    const shown = members?.filter(member => isWanted(member, wanted, placeOf))
    return linesOf(shown ?? [], group, { placeOf, epics })
  }, [members, wanted, group, placeOf, epics])
  const shown = [...new Set(lines.flatMap(line => (line.type === 'agent' ? [line.member] : [])))]
  const selection = useSelection(shown.map(({ agent }) => agent.id))
  const selected = shown.filter(({ agent }) => selection.has(agent.id))
  const first = lines.find(line => line.type === 'agent')
  useEffect(() => {
    document.title = 'Fleet · Flotilla'
  }, [])
  return (
    <>
      <Bar>
        <Title>Fleet</Title>
        <Gap />
        {mayWrite && (
          <Link href="/fleet/import" className={classOf('ghost')}>
            Import
          </Link>
        )}
        <NewAgent />
      </Bar>
      {members && (members.length > 0 || filters.filtered) && (
        <>
          <Health members={members} />
          <FleetFilterRow
            filters={filters}
            members={members}
            placeOf={placeOf}
            onEnter={() => first && navigate(`/fleet/${first.member.agent.id}`)}
          />
        </>
      )}
      {error && !members && (
        <Problem
          title="The agents could not be read"
          action={
            <Button small onClick={again}>
              Try again
            </Button>
          }
        >
          {wordsOf(error)} Agents that are working keep working.
        </Problem>
      )}
      {!members && !error && <SkeletonRows height={52} />}
      {members?.length === 0 && !filters.filtered && (
        <Suspense fallback={null}>
          <FirstRun />
        </Suspense>
      )}
      {members && lines.length === 0 && filters.filtered && <NothingMatches filters={filters} />}
      {lines.length > 0 && !filters.grid && (
        <FleetTable key={`${group} ${state?.id ?? ''}`} lines={lines} busy={busy} selection={selection} />
      )}
      {shown.length > 0 && filters.grid && (
        <FleetGrid key={`${group} ${state?.id ?? ''}`} members={shown} selection={selection} />
      )}
      {selected.length > 0 && <SelectedAgents members={selected} onClear={selection.clear} />}
    </>
  )
}

function NewAgent() {
  const may = useMay('write')
  const [, navigate] = useLocation()
  useHotkeys(may ? [{ keys: 'n', label: 'New agent', run: () => navigate('/fleet/new') }] : [])
  if (!may)
    return (
      <Button icon={Plus} disabled title="Your role may look at agents, not make them">
        New agent
      </Button>
    )
  return (
    <Link href="/fleet/new" className={classOf('primary')}>
      <Content icon={Plus} hotkey="n">
        New agent
      </Content>
    </Link>
  )
}

function NothingMatches({ filters: { state, byStatusAlone } }: { filters: FleetFilters }) {
  const only = state !== undefined && byStatusAlone
  return (
    <Empty
      title={only ? `No agent is ${state.title.toLowerCase()}` : 'Nothing matches'}
      action={
        <Link href="/fleet" className={classOf()}>
          {only ? 'Show all agents' : 'Clear the filters'}
        </Link>
      }
    />
  )
}
