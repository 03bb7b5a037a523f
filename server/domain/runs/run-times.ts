import type { RunRow } from '../../store/runs/runs.ts'
import type { EventDraft } from './event-draft.ts'

type Times = Pick<RunRow, 'tools_ms' | 'tools_open'>

/** Tools at work: since when at least one is, and how long the run had waited for people by then. Times in ms. */
interface AtWork {
  ids: string[]
  since: number
  waited: number
}

/** An agent that starts more at once is counted as if the others took no time. */
const mostAtOnce = 100

/** What tool calls and results mean for the time of a run; calls side by side count once, waiting for people does not. */
export function timesAfter(run: RunRow, events: readonly EventDraft[], now: number): Partial<Times> {
  const told = events.filter(({ kind }) => kind === 'tool_use' || kind === 'tool_result')
  if (told.length === 0) return {}
  let atWork = read(run)
  let { tools_ms } = run
  for (const { kind, ts, data } of told) {
    const id = String(data.toolUseId)
    const at = ts === undefined ? now : Date.parse(ts)
    if (kind === 'tool_use') {
      if (atWork === null) atWork = { ids: [id], since: at, waited: run.waited_ms }
      else if (atWork.ids.length < mostAtOnce) atWork.ids.push(id)
    } else if (atWork !== null) {
      atWork.ids = atWork.ids.filter(one => one !== id)
      if (atWork.ids.length > 0) continue
      tools_ms += took(atWork, at, run.waited_ms)
      atWork = null
    }
  }
  return { tools_ms, tools_open: atWork && JSON.stringify(atWork) }
}

/** What was at work when the run ended took until then. */
export function timesAtEnd(run: RunRow, now: number, waited: number): Partial<Times> {
  const atWork = read(run)
  return atWork === null ? {} : { tools_ms: run.tools_ms + took(atWork, now, waited), tools_open: null }
}

function read({ tools_open }: RunRow): AtWork | null {
  return tools_open === null ? null : (JSON.parse(tools_open) as AtWork)
}

/** The clocks of runner and control plane may differ: no time is negative. */
function took(atWork: AtWork, at: number, waited: number): number {
  return Math.max(0, at - atWork.since - (waited - atWork.waited))
}
