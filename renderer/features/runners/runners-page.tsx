import { Plus, Server } from 'lucide-react'
import { useEffect } from 'react'
import { Link, useLocation } from 'wouter'
import type { Runner } from '#contract/runners/runners'
import { wordsOf } from '../../lib/call.ts'
import { count } from '../../lib/format.ts'
import { useHotkeys } from '../../lib/hotkeys.ts'
import { useRunners } from '../../parts/runners.ts'
import { useMay } from '../../parts/who.ts'
import { Button, Content, classOf } from '../../ui/button.tsx'
import { Empty, Problem, SkeletonRows } from '../../ui/notice.tsx'
import { Bar, Gap, Title } from '../../ui/page.tsx'
import { RunnerDetails } from './runner-details.tsx'
import { RunnerRow } from './runner-row.tsx'
import styles from './runners.module.css'

/** Where agents run: what is connected, what it has and what it lacks. `id`: whose details stand open. */
export function RunnersPage({ id }: { id?: string }) {
  const runners = useRunners()
  const may = useMay('admin')
  const all = runners.data?.data
  const online = all?.filter(({ status }) => status === 'online').length
  const [, navigate] = useLocation()
  useEffect(() => {
    document.title = 'Runners · Flotilla'
  }, [])
  useHotkeys(may ? [{ keys: 'shift+n', label: 'Connect a runner', run: () => navigate('/runners/connect') }] : [])
  return (
    <>
      <Bar>
        <Title>Runners</Title>
        {all && (
          <span className={styles.count}>
            {online} of {count(all.length, 'runner')} online
          </span>
        )}
        <Gap />
        {may && (
          <Link href="/runners/connect" className={classOf('primary')}>
            <Content icon={Plus}>Connect a runner</Content>
          </Link>
        )}
      </Bar>
      <div className={styles.page}>
        {!may && (
          <p className={styles.words}>
            You can look; to connect or remove a runner, or install a runtime, takes the role of an admin.
          </p>
        )}
        {runners.error && !all && <Unreadable fault={runners.error} onRetry={() => void runners.refetch()} />}
        {!all && !runners.error && <SkeletonRows height={58} rows={3} />}
        {all?.length === 0 && (
          <Empty icon={Server} title="No runner yet">
            That of this computer appears here as soon as it has started. Until then runs wait in the queue.
          </Empty>
        )}
        {all && id !== undefined && !all.some(one => one.id === id) && (
          <p className={styles.words} role="status">
            The runner of this address is not there any more.
          </p>
        )}
        {all && all.length > 0 && <List runners={all} id={id} may={may} />}
      </div>
    </>
  )
}

interface ListProps {
  runners: readonly Runner[]
  id: string | undefined
  may: boolean
}

/** One alone stands open: there is nothing to choose from. */
function List({ runners, id, may }: ListProps) {
  const [, navigate] = useLocation()
  const open = id ?? (runners.length === 1 ? runners[0]?.id : undefined)
  return (
    <>
      <div className={styles.heads} aria-hidden>
        <span>Runner</span>
        <span>State</span>
        <span>Slots</span>
        <span>Allowed folders</span>
      </div>
      <ul aria-label="Runners">
        {runners.map(runner => (
          <li key={runner.id} className={styles.runner}>
            <RunnerRow
              runner={runner}
              may={may}
              open={runner.id === open}
              onToggle={
                runners.length === 1
                  ? null
                  : () => navigate(runner.id === open ? '/runners' : `/runners/${runner.id}`, { replace: true })
              }
            />
            {runner.id === open && <RunnerDetails runner={runner} may={may} />}
          </li>
        ))}
      </ul>
    </>
  )
}

function Unreadable({ fault, onRetry }: { fault: Error; onRetry: () => void }) {
  const again = (
    <Button small onClick={onRetry}>
      Try again
    </Button>
  )
  return (
    <Problem title="The runners could not be listed" action={again}>
      {wordsOf(fault)} Runs that go on are not affected.
    </Problem>
  )
}
