import { useQuery } from '@tanstack/react-query'
import { CircleAlert, type LucideIcon, MessageSquareText } from 'lucide-react'
import type { Approval } from '#contract/runs/approvals'
import { listRunEvents, type RunEvent, toolResultData, toolUseData } from '#contract/runs/events'
import { getRun } from '#contract/runs/runs'
import { call } from '../../lib/call.ts'
import { exactTime, timeOfDay } from '../../lib/format.ts'
import { keys } from '../../lib/query-keys.ts'
import { summaryOf, toolIcons } from '../../parts/run-stream/rows/tool-look.ts'
import { Status } from '../../ui/glyph.tsx'
import { Said } from '../../ui/said.tsx'
import styles from './approvals-page.module.css'

const shown = 2
/** The request is among the last events of a run that waits for it. */
const looked = 40

/** The two events before a request that waits: how the agent came to it. */
export function JustBefore({ approval }: { approval: Approval }) {
  const { data } = useQuery({
    queryKey: [...keys.approval(approval.id), 'before'],
    queryFn: async ({ signal }) => {
      const id = approval.runId
      if (id === null) return []
      const run = await call(getRun, { params: { id }, signal })
      const after = Math.max(0, run.lastSeq - looked)
      const page = await call(listRunEvents, { params: { id }, query: { after }, signal })
      return before(page.data, approval)
    }
  })
  if (!data || data.length === 0) return null
  return (
    <div>
      <h3 className={styles.label}>Just before</h3>
      <ul className={styles.before}>
        {data.map(({ seq, ts, icon: Icon, name, words, result }) => (
          <li key={seq}>
            <time dateTime={ts} title={exactTime(ts)}>
              {timeOfDay(ts)}
            </time>
            <Icon size={14} strokeWidth={1.75} aria-hidden />
            <span className="truncate">
              {name} <Said className={name === '' ? undefined : styles.argument}>{words}</Said>
            </span>
            {result?.tone && (
              <span className={styles.result}>
                <Status tone={result.tone}>{result.words}</Status>
              </span>
            )}
            {result && !result.tone && result.words !== '' && <span className={styles.result}>{result.words}</span>}
          </li>
        ))}
      </ul>
    </div>
  )
}

interface Before {
  seq: number
  ts: string
  icon: LucideIcon
  /** Of the tool; empty: the agent's words. */
  name: string
  words: string
  /** What came of it, where that is known. */
  result: ReturnType<typeof summaryOf> | null
}

function before(events: readonly RunEvent[], { id, toolUseId }: Approval): Before[] {
  const at = events.findIndex(event => event.kind === 'approval' && event.data.approvalId === id)
  const earlier = events.slice(0, at < 0 ? events.length : at)
  return earlier
    .filter(event => toolUseId === null || event.data.toolUseId !== toolUseId)
    .flatMap(event => beforeOf(event, earlier))
    .slice(-shown)
}

function beforeOf(event: RunEvent, all: readonly RunEvent[]): Before[] {
  const { seq, ts, kind, message } = event
  const line = message.trim().split('\n', 1)[0] ?? ''
  switch (kind) {
    case 'tool_use': {
      const use = toolUseData.safeParse(event.data).data
      if (!use) return []
      const answer = all.find(one => one.kind === 'tool_result' && one.data.toolUseId === use.toolUseId)
      const result = answer && toolResultData.safeParse(answer.data).data
      const words = use.argument?.split('\n', 1)[0] ?? ''
      return [
        {
          seq,
          ts,
          icon: toolIcons[use.toolKind],
          name: use.tool,
          words,
          result: result ? summaryOf(use.toolKind, result) : null
        }
      ]
    }
    case 'assistant':
      return line === '' ? [] : [{ seq, ts, icon: MessageSquareText, name: '', words: line, result: null }]
    case 'error':
      return line === ''
        ? []
        : [{ seq, ts, icon: CircleAlert, name: '', words: line, result: { tone: 'failed', words: 'error' } }]
    default:
      return []
  }
}
