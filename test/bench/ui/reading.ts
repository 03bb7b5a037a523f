import type { Line, Round } from '../line.ts'
import { inTurn } from '../line.ts'
import { quantile } from '../statistics.ts'
import { feel, feelReading, searchRun } from './probe.ts'
import { missing, openStage, type Stage, showNothing } from './stage.ts'

/** With their results twice as many events. */
const calls = 10_000
const few = 100
const watchedMs = 5000
/** About three windows a second: as fast as somebody reads who looks for something. */
const stepPx = 45

async function ended(stage: Stage, prompt: string, events: number): Promise<string> {
  const run = await stage.launch(prompt)
  await stage.fill(run, events)
  await stage.runner.finish(run, 'SUCCEEDED')
  return run.runId
}

async function showEnd({ app, window: { page } }: Stage, runId: string): Promise<void> {
  await page.goto(`${app.url}/runs/${runId}`)
  await page.getByRole('article', { name: /^Done/ }).waitFor()
}

const scroll: Line = {
  name: 'ui-scroll',
  title: 'A run of 10,000 calls scrolled upwards: time between frames, p95',
  floor: 'an empty page in the same window',
  unit: 'ms',
  goal: { of: 'ratio', bound: 'at most', limit: 1.5 },
  rounds: 9,
  missing,
  async prepare() {
    const stage = await openStage()
    const { page } = stage.window
    const long = await ended(stage, 'Long', 2 * calls)
    return {
      async round(): Promise<Round> {
        await showNothing(page)
        const floor = await feel(page, watchedMs / 2)
        await showEnd(stage, long)
        const ours = await feelReading(page, watchedMs, stepPx)
        return { floor: quantile(floor.frames, 0.95), ours: quantile(ours.frames, 0.95) }
      },
      close: () => stage.close()
    }
  }
}

const search: Line = {
  name: 'ui-search',
  title: 'Words are looked for in a run of 10,000 calls: last letter → count of all hits drawn',
  floor: 'a run of 100 events',
  unit: 'ms',
  goal: { of: 'ours', bound: 'at most', limit: 500 },
  rounds: 15,
  missing,
  async prepare() {
    const stage = await openStage()
    const [short, long] = [await ended(stage, 'Short', few), await ended(stage, 'Long', 2 * calls)]
    const look = (runId: string) => async () => {
      await showEnd(stage, runId)
      return searchRun(stage.window.page, 'step 7')
    }
    return { round: inTurn(look(short), look(long)), close: () => stage.close() }
  }
}

/** What a reader feels who reads back, or looks for something. */
export const readingLines: readonly Line[] = [scroll, search]
