import type { RunItem } from '#contract/runners/runner-protocol'
import type { Domain } from '../domain.ts'

/** In ms; whatever comes before it and takes longer is lost, or will be sent again. */
const longestWaitMs = 1000

interface Following {
  follows: boolean
  items: readonly Pick<RunItem, 'n'>[]
}

/**
 * Two batches of a run are on their way at once, and the second one may be here first. Resolves once what comes before it
 * is stored, or will not be soon: then it is refused like any that leaves something out. One of a run may wait at a time.
 */
export async function untilItsTurn({ store, bus }: Domain, runId: string, { follows, items }: Following) {
  const run = follows ? store.runs.byId(runId) : undefined
  const first = items[0]?.n ?? 0
  if (!run || first <= run.acked + 1 || bus.listening('stored', String(run.number))) return
  const { promise, resolve } = Promise.withResolvers<void>()
  const unsubscribe = bus.subscribe('stored', String(run.number), ({ acked }) => {
    if (first <= acked + 1) resolve()
  })
  const timer = setTimeout(resolve, longestWaitMs)
  await promise
  clearTimeout(timer)
  unsubscribe()
}
