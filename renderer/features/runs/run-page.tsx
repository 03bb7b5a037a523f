import { PanelRight } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { AppError } from '#contract/errors'
import type { Run } from '#contract/runs'
import { wordsOf } from '../../lib/call.ts'
import { titleOf } from '../../lib/format.ts'
import { useHotkeys } from '../../lib/hotkeys.ts'
import { RunPill } from '../../parts/run-status.tsx'
import { Button, classOf, IconButton } from '../../ui/button.tsx'
import { Empty, Problem, SkeletonRows } from '../../ui/notice.tsx'
import { Bar, Gap, Title } from '../../ui/page.tsx'
import { pathTo } from './chain.ts'
import { ChainStrip } from './chain-strip.tsx'
import { Composer } from './composer/composer.tsx'
import { useChain, useRun } from './queries.ts'
import { Rail } from './rail.tsx'
import { RunControls } from './run-controls.tsx'
import styles from './run-page.module.css'
import { Stream } from './stream/stream.tsx'
import { useChainStream } from './stream/use-chain-stream.ts'

const chainOfOne = (run: Run) => [run]

export function RunPage({ id }: { id: string }) {
  const { data: run, error, refetch } = useRun(id)
  if (run) return <RunView key={run.rootRunId} run={run} />
  if (error instanceof AppError && error.code === 'NOT_FOUND') return <NoSuchRun />
  return (
    <>
      <Bar>
        <Title>Run</Title>
      </Bar>
      {error ? (
        <Problem
          title="The run could not be read"
          action={
            <Button small onClick={() => void refetch()}>
              Try again
            </Button>
          }
        >
          {wordsOf(error)}
        </Problem>
      ) : (
        <SkeletonRows height={34} />
      )}
    </>
  )
}

function NoSuchRun() {
  return (
    <>
      <Bar>
        <Title>Run</Title>
      </Bar>
      <Empty
        title="There is no such run"
        action={
          <Link href="/runs" className={classOf()}>
            Show all runs
          </Link>
        }
      >
        It may belong to another data folder.
      </Empty>
    </>
  )
}

/** Keyed by the chain: following up changes the run and keeps the stream. */
function RunView({ run }: { run: Run }) {
  const chain = useChain(run.rootRunId).data?.data ?? chainOfOne(run)
  const stream = useChainStream(run, chain)
  const [railOpen, setRailOpen] = useState(false)
  const [spied, setSpied] = useState(run.id)
  const [target, setTarget] = useState<{ runId: string } | null>(null)
  const [, navigate] = useLocation()
  const title = titleOf(run.input)
  const shown = new Set(stream.segments.map(segment => segment.run.id))

  useEffect(() => {
    document.title = `${title} · Flotilla`
  }, [title])
  const go = useCallback(
    (to: Run | undefined) => {
      if (!to) return
      if (shown.has(to.id)) setTarget({ runId: to.id })
      else navigate(`/runs/${to.id}`)
    },
    [navigate, shown]
  )
  const path = pathTo(run, chain)
  useHotkeys([
    { keys: 'alt+ArrowUp', label: 'Parent run', inFields: true, run: () => go(path.at(-2)) },
    { keys: 'mod+\\', label: 'Show or hide run facts', inFields: true, run: () => setRailOpen(open => !open) }
  ])
  return (
    <>
      <Bar>
        <nav aria-label="Breadcrumb" className={styles.crumbs}>
          <Link href="/runs">Runs</Link>
          <span aria-hidden>›</span>
        </nav>
        <Title>
          <span className={styles.number}>#{run.number}</span> {title}
        </Title>
        <RunPill run={run} />
        <Gap />
        <span className={styles.onlySmall}>
          <IconButton
            icon={PanelRight}
            label="Run facts"
            hotkey="mod+\"
            aria-expanded={railOpen}
            onClick={() => setRailOpen(!railOpen)}
          />
        </span>
        <RunControls run={run} />
      </Bar>
      <div className={styles.columns} data-rail={railOpen || undefined}>
        <section className={styles.column} aria-label="Conversation">
          <ChainStrip run={run} chain={chain} spied={spied} onGo={go} />
          {stream.failure ? (
            <div className={styles.fill}>
              <Problem
                title="The events could not be read"
                action={
                  <Button small onClick={stream.retry}>
                    Try again
                  </Button>
                }
              >
                {stream.failure} The run itself is not affected.
              </Problem>
            </div>
          ) : stream.segments.length > 0 ? (
            <Stream run={run} stream={stream} onSpy={setSpied} target={target} />
          ) : (
            <div className={styles.fill}>
              <SkeletonRows height={34} />
            </div>
          )}
          <Composer key={run.id} run={run} />
        </section>
        <Rail
          run={run}
          parent={path.at(-2)}
          model={stream.segments.at(-1)?.model}
          partial={stream.segments.at(-1)?.hasOlder ?? false}
        />
      </div>
    </>
  )
}
