import type { Line } from '../line.ts'
import { inTurn } from '../line.ts'
import { quantile } from '../statistics.ts'
import { keepBusy } from './busy-run.ts'
import { fleetUiLines } from './fleet.ts'
import { endShown, feel } from './probe.ts'
import { readingLines } from './reading.ts'
import { missing, openStage, type Stage, showNothing } from './stage.ts'
import { watchedLines } from './watched.ts'

const eventsPerSecond = 1000
/** Five rounds make a minute under load, on one page that is opened anew each time. */
const watchedMs = 12_000
const settledMs = 1500

const streamLine = watchedLines({
  floor: 'an empty page in the same window while the same events arrive',
  open: () => openStage(),
  async watch(stage) {
    const { page } = stage.window
    const run = await stage.launch('Work')
    const stop = keepBusy(stage, run, eventsPerSecond)
    await showNothing(page)
    const floor = await feel(page, watchedMs / 2)
    await page.goto(`${stage.app.url}/runs/${run.runId}`)
    await page.getByRole('log').getByRole('article').first().waitFor()
    // Opening a page has a line of its own.
    await feel(page, settledMs)
    const ours = await feel(page, watchedMs)
    const rate = await stop()
    await stage.runner.finish(run, 'SUCCEEDED')
    if (rate < eventsPerSecond * 0.9) throw new Error(`only ${Math.round(rate)} events a second arrived`)
    return { floor, ours }
  }
})

const frames = streamLine(
  {
    name: 'ui-frames',
    title: 'Run view at 1,000 events/s: time between frames, p95',
    unit: 'ms',
    goal: { of: 'ratio', bound: 'at most', limit: 1.2 }
  },
  felt => quantile(felt.frames, 0.95)
)

const longestTask = streamLine(
  {
    name: 'ui-tasks',
    title: 'Run view at 1,000 events/s: longest task, none shorter than 50 ms counted',
    unit: 'ms',
    goal: { of: 'ours', bound: 'at most', limit: 50 }
  },
  felt => felt.longestTask
)

const nodes = streamLine(
  {
    name: 'ui-nodes',
    title: 'Run view at 1,000 events/s: elements in the stream, at most',
    unit: 'elements',
    goal: { of: 'ours', bound: 'at most', limit: 600 }
  },
  felt => felt.nodes
)

const few = 100
const many = 100_000

/** From the navigation until the last entry of an ended run is drawn. */
async function openAtEnd({ app, window: { page } }: Stage, runId: string): Promise<number> {
  await page.goto(`${app.url}/runs/${runId}`, { waitUntil: 'commit' })
  return endShown(page, runId)
}

const openLong: Line = {
  name: 'ui-open',
  title: 'A run of 100,000 events opens at its end',
  floor: 'a run of 100 events',
  unit: 'ms',
  goal: { of: 'ratio', bound: 'at most', limit: 1.5 },
  rounds: 9,
  missing,
  async prepare() {
    const stage = await openStage()
    const prepared = async (events: number) => {
      const run = await stage.launch('Work')
      await stage.fill(run, events)
      await stage.runner.finish(run, 'SUCCEEDED')
      await openAtEnd(stage, run.runId)
      return run.runId
    }
    const short = await prepared(few)
    const long = await prepared(many)
    return {
      round: inTurn(
        () => openAtEnd(stage, short),
        () => openAtEnd(stage, long)
      ),
      close: () => stage.close()
    }
  }
}

/** What a reader feels, in a real browser. */
export const uiLines: readonly Line[] = [frames, longestTask, nodes, openLong, ...readingLines, ...fleetUiLines]
