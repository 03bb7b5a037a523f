import { startTransition, useCallback, useEffect, useLayoutEffect, useMemo, useState } from 'react'
import { isEnded, type Run } from '#contract/runs/runs'
import { drawing, drawn } from '../../../lib/pace.ts'
import { toastFailure } from '../../../ui/toast.tsx'
import { pathTo } from './chain.ts'
import type { Segment } from './items.ts'
import { RunLog } from './run-log.ts'

/** The logs of the runs of a chain that this page opened. It lives as long as the page shows that chain. */
class ChainLogs {
  #logs = new Map<string, RunLog>()
  #listeners = new Set<() => void>()
  #version = 0
  #following = true

  of(runId: string): RunLog {
    const known = this.#logs.get(runId)
    if (known) return known
    const log = new RunLog(runId)
    log.subscribe(this.#changed)
    this.#logs.set(runId, log)
    return log
  }

  peek(runId: string): RunLog | undefined {
    return this.#logs.get(runId)
  }

  get following(): boolean {
    return this.#following
  }

  setFollowing(following: boolean): void {
    this.#following = following
    for (const log of this.#logs.values()) log.following = following
  }

  close(): void {
    for (const log of this.#logs.values()) log.close()
    this.#logs.clear()
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  version = (): number => this.#version

  #changed = (): void => {
    this.#version += 1
    for (const listener of this.#listeners) listener()
  }
}

export interface ChainStream {
  /** From the earliest loaded run down to this one; empty until something is there. */
  segments: Segment[]
  /** The run itself, also while the reader is elsewhere. */
  own: Segment | undefined
  failure: string | null
  /** Newest event of the run that is known here; the run itself tells of it less often. */
  lastSeq: number
  logs: ChainLogs
  retry: () => void
  /** Loads what lies above: older events of the first run shown, then the run before it. */
  loadAbove: () => void
  hasAbove: boolean
  loadingAbove: boolean
  /** New events wait because the reader is far above them. */
  behind: boolean
  catchUp: () => Promise<void>
  loadBelow: () => void
  /** Whether an event is shown; if not, it is being loaded. */
  reveal: (runId: string, seq: number) => boolean
}

/** The stream of a run and, above it, of those it continues. */
export function useChainStream(run: Run, chain: readonly Run[]): ChainStream {
  const [logs] = useState(() => new ChainLogs())
  useEffect(() => () => logs.close(), [logs])
  const version = useVersion(logs)
  const path = useMemo(() => pathTo(run, chain), [run, chain])
  // The run that the reader was led to: what is shown lies around it. Without one it is the run itself.
  const [anchor, setAnchor] = useState<string | null>(null)

  // Opening once is enough: from then on the log follows the run by itself.
  const { id } = run
  const lastSeq = run.lastSeq
  useEffect(() => {
    void logs.of(id).open(lastSeq)
  }, [logs, id, lastSeq])

  const shown = useMemo(() => loadedAround(anchor ?? id, path, logs, version), [anchor, id, path, logs, version])
  const first = shown[0]
  const last = shown.at(-1)
  const firstLog = first && logs.peek(first.run.id)
  const before = first && path[path.findIndex(one => one.id === first.run.id) - 1]
  const own = logs.peek(id)
  const ownSegment = useMemo(() => loadedAround(id, path, logs, version).at(-1), [id, path, logs, version])
  const below = last && last.run.id !== id ? path[path.findIndex(one => one.id === last.run.id) + 1] : undefined
  const reveal = useCallback(
    (runId: string, seq: number) => {
      const log = logs.of(runId)
      if (!log.holds(seq)) void log.loadAround(seq).catch(toastFailure)
      const segment = shown.find(({ run }) => run.id === runId)
      if (!segment) setAnchor(runId)
      // What is drawn counts: the log may be one drawing ahead of it.
      return segment !== undefined && seq >= segment.firstSeq && seq <= segment.lastSeq
    },
    [logs, shown]
  )

  return {
    segments: shown,
    own: ownSegment,
    failure: own?.state.name === 'failed' ? own.state.why : null,
    lastSeq: Math.max(lastSeq, own?.lastSeq ?? 0),
    logs,
    retry: () => void logs.of(id).open(lastSeq),
    loadAbove: () => {
      if (firstLog?.hasOlder) void firstLog.loadOlder().catch(() => {})
      else if (before) void logs.of(before.id).openAtEnd(before.lastSeq)
    },
    hasAbove: Boolean(firstLog?.hasOlder || before),
    loadingAbove:
      firstLog?.loadingOlder === true || (before !== undefined && logs.peek(before.id)?.state.name === 'loading'),
    behind: below !== undefined || (own?.state.name === 'ready' && !own.attached),
    catchUp: async () => {
      setAnchor(null)
      await own?.catchUp(lastSeq)
    },
    loadBelow: () => {
      const log = last && logs.peek(last.run.id)
      if (!log) return
      if (!isWhole(last.run, log) || (below === undefined && !log.attached)) void log.loadNewer().catch(() => {})
      else if (below)
        void logs
          .of(below.id)
          .loadAround(1)
          .catch(() => {})
    },
    reveal
  }
}

/**
 * The version of the logs that is drawn. At the end of a busy run drawing is cut into slices, so that it never holds up the
 * page; a reader's position is kept by drawing at once.
 */
function useVersion(logs: ChainLogs): number {
  const [version, setVersion] = useState(logs.version)
  useEffect(() => {
    const draw = () => setVersion(logs.version())
    draw()
    return logs.subscribe(() => {
      if (!logs.following) return draw()
      drawing()
      startTransition(draw)
    })
  }, [logs])
  // biome-ignore lint/correctness/useExhaustiveDependencies: it tells of each version
  useLayoutEffect(drawn, [version])
  return version
}

/** A run of the path and those beside it whose events are there, without a gap between them. */
function loadedAround(anchor: string, path: readonly Run[], logs: ChainLogs, _version: number): Segment[] {
  const found = path.findIndex(one => one.id === anchor)
  // What the reader was led to may still be on its way: until then the end stays.
  const middle = found >= 0 && logs.peek(anchor)?.state.name === 'ready' ? found : path.length - 1
  const segments: Segment[] = []
  for (let i = middle; i >= 0; i--) {
    const run = path[i]
    const log = run && logs.peek(run.id)
    if (!run || log?.state.name !== 'ready' || (i < middle && !isWhole(run, log))) break
    segments.unshift(segmentOf(run, log, i + 1))
    if (log.hasOlder) break
  }
  for (let i = middle + 1; i < path.length && segments.length > 0; i++) {
    const [above, run] = [path[i - 1], path[i]]
    const log = run && logs.peek(run.id)
    const aboveLog = above && logs.peek(above.id)
    if (!run || !aboveLog || !isWhole(above, aboveLog) || log?.state.name !== 'ready' || log.hasOlder) break
    segments.push(segmentOf(run, log, i + 1))
  }
  return segments
}

function segmentOf(run: Run, log: RunLog, position: number): Segment {
  const { model, firstSeq, lastSeq, hasOlder } = log
  return { run, position, model, firstSeq, lastSeq, hasOlder, complete: isWhole(run, log) }
}

/** Nothing is missing at its end. */
function isWhole(run: Run, log: RunLog): boolean {
  return isEnded(run.status) ? log.lastSeq >= run.lastSeq : log.attached
}
