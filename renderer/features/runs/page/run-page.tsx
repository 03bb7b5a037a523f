import { ArrowLeft, PanelRight, Search } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useEffect, useMemo, useState } from 'react'
import { Link, useLocation, useSearchParams } from 'wouter'
import { AppError } from '#contract/errors'
import type { Run } from '#contract/runs/runs'
import { wordsOf } from '../../../lib/call.ts'
import { titleOf } from '../../../lib/format.ts'
import { useHotkeys } from '../../../lib/hotkeys.ts'
import { Composer } from '../../../parts/composer/composer.tsx'
import { RunGlyph, RunPill } from '../../../parts/run-status.tsx'
import { RunSearch } from '../../../parts/run-stream/search/run-search.tsx'
import { useSearch } from '../../../parts/run-stream/search/use-search.ts'
import { childrenOf, pathTo } from '../../../parts/run-stream/stream/chain.ts'
import { filterFrom } from '../../../parts/run-stream/stream/event-filter.ts'
import { EventsMenu } from '../../../parts/run-stream/stream/events-menu.tsx'
import { forgetOpened } from '../../../parts/run-stream/stream/opened.ts'
import type { Row } from '../../../parts/run-stream/stream/rows.ts'
import { Stream } from '../../../parts/run-stream/stream/stream.tsx'
import { type ChainStream, useChainStream } from '../../../parts/run-stream/stream/use-chain-stream.ts'
import type { Target } from '../../../parts/run-stream/stream/use-jump.ts'
import { RunRibbon } from '../../../parts/run-stream/timeline/run-ribbon.tsx'
import { useOpenFile } from '../../../parts/run-stream/viewer/use-open-file.ts'
import { useChain, useRun } from '../../../parts/runs.ts'
import { Button, classOf, IconButton } from '../../../ui/button.tsx'
import { Empty, Problem, SkeletonRows } from '../../../ui/notice.tsx'
import { Bar, Gap, Title } from '../../../ui/page.tsx'
import { ChainStrip } from './chain-strip.tsx'
import { LetGo } from './let-go.tsx'
import { Rail, RunFactsLine } from './rail.tsx'
import { RunControls } from './run-controls.tsx'
import styles from './run-page.module.css'
import { useSearchOfLink } from './search-of-link.ts'

const ChangesViewer = lazy(() =>
  import('../../../parts/run-stream/viewer/changes-viewer.tsx').then(module => ({ default: module.ChangesViewer }))
)

const chainOfOne = (run: Run) => [run]
const noRows: readonly Row[] = []

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
  const [target, setTarget] = useState<Target | null>(null)
  const filter = useFilter()
  const path = useMemo(() => pathTo(run, chain), [run, chain])
  const search = useSearchOfLink(run, useSearch(path, setTarget), setTarget)
  const [searching, setSearching] = useState(false)
  const [file, openFile] = useOpenFile()
  const [, navigate] = useLocation()
  const { own } = stream
  const parent = path.at(-2)
  const go = (to: Run | undefined) => {
    if (!to) return
    if (stream.segments.some(segment => segment.run.id === to.id)) setTarget({ runId: to.id })
    else navigate(`/runs/${to.id}`)
  }
  // The model goes on changing its list.
  const rows = useMemo(() => own?.model.rows.slice() ?? noRows, [own])
  const first = path[0] ?? run
  const jump = (seq: number) => setTarget({ runId: run.id, seq })
  useEffect(() => forgetOpened, [])
  useTitle(run)
  useHotkeys([
    { keys: 'alt+ArrowUp', label: 'Parent run', inFields: true, run: () => go(parent) },
    { keys: 'alt+ArrowDown', label: 'Child run', inFields: true, run: () => go(childrenOf(run, chain).at(-1)) },
    { keys: 'mod+\\', label: 'Show or hide run facts', inFields: true, run: () => setRailOpen(open => !open) }
  ])
  return (
    <>
      <RunBar
        run={run}
        railOpen={railOpen}
        onRail={() => setRailOpen(!railOpen)}
        searching={searching}
        onSearch={() => setSearching(!searching)}
      />
      <div className={styles.columns} data-rail={railOpen || undefined}>
        <section className={styles.column} aria-label="Conversation">
          <div className={styles.tools} data-searching={searching || undefined}>
            <ChainStrip run={run} chain={chain} spied={spied} onGo={go} />
            <Gap />
            <RunSearch {...search} shown={searching} onShown={setSearching} />
            <EventsMenu run={run} rows={rows} onJump={jump} />
          </div>
          <RunRibbon run={run} rows={rows} onJump={jump} />
          <StreamOrWhyNot stream={stream} path={path}>
            <Stream
              run={run}
              stream={stream}
              onSpy={setSpied}
              target={target}
              filter={filter}
              words={search.words}
              hit={search.hit}
              onFirst={() => setTarget({ runId: first.id, seq: 1, focus: true })}
            />
          </StreamOrWhyNot>
          <Composer key={run.id} run={run} />
        </section>
        <Rail
          run={run}
          parent={parent}
          rows={rows}
          results={own?.model.results ?? 0}
          opened={railOpen}
          onOpenFile={openFile}
          onClose={() => setRailOpen(false)}
        />
      </div>
      {file !== null && (
        <Suspense fallback={null}>
          <ChangesViewer run={run} results={own?.model.results ?? 0} first={file} onClose={() => openFile(null)} />
        </Suspense>
      )}
    </>
  )
}

/** What shows in the stream, as the address says. */
function useFilter() {
  const [params] = useSearchParams()
  const address = params.toString()
  return useMemo(() => filterFrom(new URLSearchParams(address)), [address])
}

function useTitle(run: Run): void {
  const title = titleOf(run)
  useEffect(() => {
    document.title = `${title} · Flotilla`
  }, [title])
}

interface BarProps {
  run: Run
  railOpen: boolean
  onRail: () => void
  searching: boolean
  onSearch: () => void
}

function RunBar({ run, railOpen, onRail, searching, onSearch }: BarProps) {
  return (
    <div className={styles.head}>
      <Bar>
        <nav aria-label="Breadcrumb" className={styles.crumbs}>
          <Link href="/runs">
            <ArrowLeft size={18} aria-hidden />
            <span>Runs</span>
          </Link>
          <span aria-hidden>›</span>
        </nav>
        <Title>
          <span className={styles.number}>#{run.number}</span> {titleOf(run)}
        </Title>
        <span className={styles.pill}>
          <RunPill run={run} />
        </span>
        <span className={styles.glyph} aria-hidden>
          <RunGlyph run={run} />
        </span>
        <span className={styles.space} />
        <span className={styles.onlyNarrow}>
          <IconButton icon={Search} label="Search this run" aria-expanded={searching} onClick={onSearch} />
        </span>
        <span className={styles.onlySmall}>
          <IconButton icon={PanelRight} label="Run facts" hotkey="mod+\\" aria-expanded={railOpen} onClick={onRail} />
        </span>
        <RunControls run={run} onRail={onRail} />
        <button type="button" className={styles.facts} aria-expanded={railOpen} onClick={onRail}>
          <RunFactsLine run={run} />
        </button>
      </Bar>
    </div>
  )
}

function StreamOrWhyNot({ stream, path, children }: { stream: ChainStream; path: Run[]; children: ReactNode }) {
  if (stream.segments.length > 0)
    return (
      <>
        <LetGo runs={path} />
        {children}
      </>
    )
  return (
    <div className={styles.fill}>
      {stream.failure === null ? (
        <SkeletonRows height={34} />
      ) : (
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
      )}
    </div>
  )
}
