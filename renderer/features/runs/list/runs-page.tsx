import { Plus } from 'lucide-react'
import { lazy, Suspense, useEffect } from 'react'
import { Link, useSearchParams } from 'wouter'
import type { RunStatus } from '#contract/runs/runs'
import { wordsOf } from '../../../lib/call.ts'
import { useSystem } from '../../../parts/system.ts'
import { Button, Content, classOf } from '../../../ui/button.tsx'
import { Empty, Problem, SkeletonRows } from '../../../ui/notice.tsx'
import { Bar, Gap, Title } from '../../../ui/page.tsx'
import { useRunList } from '../queries.ts'
import { RunTable } from './run-table.tsx'
import styles from './runs-page.module.css'

const FirstRun = lazy(() => import('./first-run.tsx').then(module => ({ default: module.FirstRun })))

const filters: { id: string; title: string; statuses: RunStatus[] }[] = [
  { id: 'waiting', title: 'Waiting', statuses: ['WAITING'] },
  { id: 'running', title: 'Running', statuses: ['QUEUED', 'CLAIMED', 'RUNNING'] },
  { id: 'done', title: 'Done', statuses: ['SUCCEEDED'] },
  { id: 'failed', title: 'Failed', statuses: ['FAILED', 'TIMED_OUT', 'LOST'] },
  { id: 'cancelled', title: 'Cancelled', statuses: ['CANCELLED'] }
]

export function RunsPage() {
  const [search] = useSearchParams()
  const filter = filters.find(one => one.id === search.get('status'))
  const list = useRunList(filter?.statuses.join(','))
  const runs = list.data?.pages.flatMap(page => page.data)
  const total = list.data?.pages[0]?.pagination.total ?? 0
  useEffect(() => {
    document.title = 'Runs · Flotilla'
  }, [])
  if (runs?.length === 0 && !filter) {
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
      <Filters chosen={filter?.id} />
      {list.isError && !runs && (
        <Problem
          title="The runs could not be read"
          action={
            <Button small onClick={() => void list.refetch()}>
              Try again
            </Button>
          }
        >
          {wordsOf(list.error)} Agents that are working keep working.
        </Problem>
      )}
      {!runs && !list.isError && <SkeletonRows height={44} />}
      {runs?.length === 0 && (
        <Empty
          title={`No run is ${filter?.title.toLowerCase()}`}
          action={
            <Link href="/runs" className={classOf()}>
              Show all runs
            </Link>
          }
        />
      )}
      {runs && runs.length > 0 && (
        <RunTable
          key={filter?.id}
          runs={runs}
          total={total}
          onEnd={() => list.hasNextPage && !list.isFetchingNextPage && void list.fetchNextPage()}
        />
      )}
    </>
  )
}

function Filters({ chosen }: { chosen: string | undefined }) {
  const counts = useSystem().data?.runs
  const countOf = (statuses: RunStatus[]) => statuses.reduce((sum, status) => sum + (counts?.[status] ?? 0), 0)
  return (
    <nav className={styles.filters} aria-label="Filter runs by status">
      <FilterLink href="/runs" on={chosen === undefined} title="All" />
      {filters.map(({ id, title, statuses }) => (
        <FilterLink
          key={id}
          href={`/runs?status=${id}`}
          on={chosen === id}
          title={title}
          count={counts && countOf(statuses)}
          urgent={id === 'waiting'}
        />
      ))}
    </nav>
  )
}

interface FilterLinkProps {
  href: string
  on: boolean
  title: string
  count?: number
  urgent?: boolean
}

function FilterLink({ href, on, title, count, urgent }: FilterLinkProps) {
  return (
    <Link href={href} className={styles.filter} aria-current={on ? 'true' : undefined}>
      {title}
      {count !== undefined && (
        <span className={styles.count} data-urgent={(urgent && count > 0) || undefined}>
          {count.toLocaleString('en-US')}
        </span>
      )}
    </Link>
  )
}
