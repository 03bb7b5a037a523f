import { Layers } from 'lucide-react'
import type { ToolKind } from '#contract/runs/events'
import { duration } from '../../../lib/format.ts'
import { visible } from '../../../lib/visible.ts'
import type { Item } from '../stream/items.ts'
import { useOpened } from '../stream/opened.ts'
import type { ToolCallRow } from '../stream/rows.ts'
import { Entry, Line } from './entry.tsx'

const nouns: Partial<Record<ToolKind, string>> = { read: 'reads', search: 'searches', web: 'web requests' }
const named = 2

/** "6 reads  openapi.yaml, store.ts and 4 more": opened, its calls stand below it. */
export function FoldEntry({ item: { key, calls } }: { item: Extract<Item, { type: 'fold' }> }) {
  const [open, toggle] = useOpened(key, false)
  const first = calls[0]
  const name = `${calls.length} ${nouns[first?.use.toolKind ?? 'other'] ?? 'calls'}`
  const objects = [...new Set(calls.map(call => call.use.argument ?? call.use.tool))]
  const more = objects.length - named
  const list = visible(objects.slice(0, named).join(', ')) + (more > 0 ? ` and ${more} more` : '')
  return (
    <Entry entry={key} ts={first?.ts ?? null} icon={Layers} name={`${name}: ${list}`}>
      <Line
        open={open}
        onToggle={toggle}
        name={name}
        argument={open ? undefined : list}
        facts={<span>{duration(calls.reduce((sum, call) => sum + tookMs(call), 0))}</span>}
      />
    </Entry>
  )
}

function tookMs({ ts, result }: ToolCallRow): number {
  return result ? (result.data.durationMs ?? Date.parse(result.ts) - Date.parse(ts)) : 0
}
