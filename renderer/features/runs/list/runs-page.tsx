import { Plus } from 'lucide-react'
import { lazy, Suspense, useEffect, useMemo } from 'react'
import { Link, useLocation } from 'wouter'
import type { Run } from '#contract/runs/runs'
import { wordsOf } from '../../../lib/call.ts'
import { useMinute } from '../../../lib/now.ts'
import { runFolder } from '../../../parts/run-folder.ts'
import { useRunList } from '../../../parts/run-list.ts'
import { Button, Content, classOf } from '../../../ui/button.tsx'
import { Empty, Problem, SkeletonRows } from '../../../ui/notice.tsx'
import { Bar, Gap, Title } from '../../../ui/page.tsx'
import { FilterRow } from './filter-row.tsx'
import { type RunFilters, useRunFilters } from './run-filters.ts'
import { groupsOf } from './run-groups.ts'
import { RunTable } from './run-table.tsx'

const FirstRun = lazy(() => import('./first-run.tsx').then(module => ({ default: module.FirstRun })))

/** Live runs shown at most; beyond it nobody reads them as a list. */
const mostLive = 500
const dayMs = 86_400_000

/** What lives is asked for apart from what ended: who needs me may have started long ago. */
function useRuns({ live, ended }: RunFilters) {
  const living = useRunList(live ?? {}, { limit: mostLive, enabled: live !== null })
  const past = useRunList(ended ?? {}, { enabled: ended !== null })
  const lists = [...(live === null ? [] : [living]), ...(ended === null ? [] : [past])]
  const pages = lists.flatMap(list => list.data?.pages ?? [])
  const known = lists.every(list => list.data !== undefined)
  return {
    runs: known ? pages.flatMap(page => page.data) : undefined,
    total: lists.reduce((sum, list) => sum + (list.data?.pages[0]?.pagination.total ?? 0), 0),
    /** What is shown is still that of other filters. */
    outdated: lists.some(list => list.isPlaceholderData),
    error: lists.find(list => list.isError)?.error ?? null,
    again: () => void Promise.all(lists.map(list => list.refetch())),
    more: () => ended !== null && past.hasNextPage && !past.isFetchingNextPage && void past.fetchNextPage()
  }
}

export function RunsPage() {
  const filters = useRunFilters()
  const { runs, total, outdated, error, again, more } = useRuns(filters)
  const [, navigate] = useLocation()
  // Rows are held for who reads them, not against who asks for others.
  const shownBy = JSON.stringify([filters.live, filters.ended, outdated])
  // The days change at midnight, not with the minute.
  const today = Math.floor(useMinute() / dayMs) * dayMs
  // biome-ignore lint/correctness/useExhaustiveDependencies: read anew when a day begins
  const lines = useMemo(() => groupsOf(runs ?? [], Date.now()), [runs, today])
  const first = lines.find(line => line.type === 'run')
  const folders = useMemo(() => [...new Set(runs?.flatMap(run => sharedFolder(run) ?? []))], [runs])
  useEffect(() => {
    document.title = 'Runs · Flotilla'
  }, [])
  if (runs?.length === 0 && !filters.filtered) {
    return (
      <Suspense fallback={null}>
        <FirstRun />
      </Suspense>
    )
  }
  return (
    <>
      <Bar>
        <Title>Runs</Title>
        <Gap />
        <Link href="/runs/new" className={classOf('primary')}>
          <Content icon={Plus} hotkey="n">
            New run
          </Content>
        </Link>
      </Bar>
      <FilterRow filters={filters} folders={folders} onEnter={() => first && navigate(`/runs/${first.id}`)} />
      {error && !runs && (
        <Problem
          title="The runs could not be read"
          action={
            <Button small onClick={again}>
              Try again
            </Button>
          }
        >
          {wordsOf(error)} Agents that are working keep working.
        </Problem>
      )}
      {!runs && !error && <SkeletonRows height={36} />}
      {runs?.length === 0 && <NothingMatches filters={filters} />}
      {runs && runs.length > 0 && <RunTable key={shownBy} lines={lines} total={total} onEnd={more} />}
    </>
  )
}

/** A private folder is nothing to filter by. */
function sharedFolder(run: Run): string | null {
  return runFolder(run) === 'private' ? null : run.cwd
}

function NothingMatches({ filters }: { filters: RunFilters }) {
  const only = filters.byStatusAlone
  return (
    <Empty
      title={only ? `No run is ${filters.status?.title.toLowerCase()}` : 'Nothing matches'}
      action={
        <Link href="/runs" className={classOf()}>
          {only ? 'Show all runs' : 'Clear the filters'}
        </Link>
      }
    />
  )
}
