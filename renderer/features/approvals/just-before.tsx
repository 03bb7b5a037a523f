import { useQuery } from '@tanstack/react-query'
import type { Approval } from '#contract/runs/approvals'
import { listRunEvents, type RunEvent } from '#contract/runs/events'
import { getRun } from '#contract/runs/runs'
import { call } from '../../lib/call.ts'
import { exactTime, timeOfDay } from '../../lib/format.ts'
import { keys } from '../../lib/query-keys.ts'
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
      const run = await call(getRun, { params: { id: approval.runId }, signal })
      const after = Math.max(0, run.lastSeq - looked)
      const page = await call(listRunEvents, { params: { id: approval.runId }, query: { after }, signal })
      return before(page.data, approval)
    }
  })
  if (!data || data.length === 0) return null
  return (
    <div>
      <h3 className={styles.label}>Just before</h3>
      <ul className={styles.before}>
        {data.map(({ seq, ts, words }) => (
          <li key={seq}>
            <time dateTime={ts} title={exactTime(ts)}>
              {timeOfDay(ts)}
            </time>
            <span className="truncate">
              <Said>{words}</Said>
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}

function before(
  events: readonly RunEvent[],
  { id, toolUseId }: Approval
): { seq: number; ts: string; words: string }[] {
  const at = events.findIndex(event => event.kind === 'approval' && event.data.approvalId === id)
  return events
    .slice(0, at < 0 ? events.length : at)
    .filter(event => event.data.toolUseId !== toolUseId || toolUseId === null)
    .flatMap(event => {
      const words = wordsOf(event)
      return words === '' ? [] : [{ seq: event.seq, ts: event.ts, words }]
    })
    .slice(-shown)
}

function wordsOf({ kind, message, data }: RunEvent): string {
  if (kind === 'tool_use') return [data.tool, data.argument].filter(part => typeof part === 'string').join(' ')
  if (kind === 'assistant' || kind === 'error') return message.trim().split('\n', 1)[0] ?? ''
  return ''
}
