import { sendMessage } from '#contract/work/messages'
import type { FleetSize } from '../fleet-store.ts'
import { inTurn, type Line } from '../line.ts'
import { quantile } from '../statistics.ts'
import { feel, goTo, openNothing, openPalette, typeInPalette } from './probe.ts'
import { missing, openStage, type Stage, showNothing } from './stage.ts'
import { watchedLines } from './watched.ts'
import { workingFleet } from './working-fleet.ts'

const large: FleetSize = { agents: 1000, runs: 100_000 }
const sizes = '1,000 agents and 100,000 runs'
const changesPerSecond = 50
const watchedMs = 12_000
const settledMs = 1500
const onOurs: Pick<Line, 'unit' | 'floor' | 'missing'> = {
  unit: 'ms',
  floor: 'an empty dialog on the same page',
  missing
}

const openLarge = () => openStage(large)

async function showFleet({ app, window: { page } }: Stage): Promise<void> {
  await page.goto(`${app.url}/fleet`)
  await page.getByRole('grid', { name: 'Agents' }).getByRole('gridcell').first().waitFor()
}

const fleetLine = watchedLines({
  floor: 'an empty page in the same window while the same changes come',
  async open() {
    const stage = await openLarge()
    return { ...stage, fleet: await workingFleet(stage) }
  },
  async watch(stage) {
    const { page } = stage.window
    const stop = stage.fleet.keepChanging(changesPerSecond)
    await showNothing(page)
    const floor = await feel(page, watchedMs / 2)
    await showFleet(stage)
    await feel(page, settledMs)
    const ours = await feel(page, watchedMs)
    const rate = await stop()
    if (rate < changesPerSecond * 0.9) throw new Error(`only ${Math.round(rate)} changes a second came`)
    return { floor, ours }
  }
})

const frames = fleetLine(
  {
    name: 'ui-fleet-frames',
    title: `Fleet with 1,000 agents at ${changesPerSecond} changes/s: time between frames, p95`,
    unit: 'ms',
    goal: { of: 'ratio', bound: 'at most', limit: 1.2 }
  },
  felt => quantile(felt.frames, 0.95)
)

const longestTask = fleetLine(
  {
    name: 'ui-fleet-tasks',
    title: `Fleet with 1,000 agents at ${changesPerSecond} changes/s: longest task, none shorter than 50 ms counted`,
    unit: 'ms',
    goal: { of: 'ours', bound: 'at most', limit: 50 }
  },
  felt => felt.longestTask
)

/** Where one goes by `g` and a letter, and what is there once the screen is whole. */
const screens = [
  { letter: 'f', whole: ['[aria-label="Agents"] [data-column="Now"]', '[aria-label="Health of the fleet"]'] },
  { letter: 't', whole: ['[data-card]'] },
  {
    letter: 'm',
    whole: [
      '[role="grid"][aria-label="Messages"] [role="gridcell"], [role="grid"][aria-label="Threads"] [role="gridcell"]'
    ]
  },
  { letter: 'a', whole: ['[aria-label="Requests"] a', '[data-bottom-bar] button'] },
  { letter: 'r', whole: ['[role="grid"][aria-label="Runs"] [role="gridcell"]'] },
  { letter: 'u', whole: ['[aria-label="Figures"]', '[aria-label="Spend per day"] svg'] },
  { letter: 'd', whole: ['[role="gridcell"][data-column="Action"]'] }
]

const messages = 60

const routes: Line = {
  ...onOurs,
  name: 'ui-routes',
  title: `From screen to screen on a warm cache, over ${sizes}: key → whole, the slowest of ${screens.length}`,
  goal: { of: 'ours', bound: 'at most', limit: 100 },
  rounds: 15,
  async prepare() {
    const stage = await openLarge()
    const { page } = stage.window
    const fleet = await workingFleet(stage)
    await fleet.ask(3)
    for (let n = 0; n < messages; n++) await stage.app.call(sendMessage, { body: { text: `Note ${n}` } })
    await showFleet(stage)
    const around = async () => {
      await fleet.renew()
      const took: number[] = []
      for (const { letter, whole } of screens) took.push(await goTo(page, letter, whole))
      return Math.max(...took)
    }
    await around()
    return { round: inTurn(() => openNothing(page), around), close: () => stage.close() }
  }
}

/** On a warm page. */
function paletteLine(line: Pick<Line, 'name' | 'title'>, measure: (stage: Stage) => Promise<number>): Line {
  return {
    ...onOurs,
    ...line,
    goal: { of: 'ours', bound: 'at most', limit: 50 },
    rounds: 25,
    async prepare() {
      const stage = await openLarge()
      const { page } = stage.window
      await showFleet(stage)
      await openPalette(page)
      return {
        round: inTurn(
          () => openNothing(page),
          () => measure(stage)
        ),
        close: () => stage.close()
      }
    }
  }
}

const palette = paletteLine(
  { name: 'ui-palette-opens', title: `The palette opens over ${sizes}, on a warm page` },
  ({ window: { page } }) => openPalette(page)
)

const typed = paletteLine(
  { name: 'ui-palette-typed', title: `A letter typed in the palette over ${sizes} is answered, the slowest of five` },
  async ({ window: { page } }) => {
    await openPalette(page)
    return typeInPalette(page, 'agent')
  }
)

/** What a person feels who steers a large fleet. */
export const fleetUiLines: readonly Line[] = [frames, longestTask, routes, palette, typed]
