import { ListFilter } from 'lucide-react'
import { useSearchParams } from 'wouter'
import { isEnded, type Run } from '#contract/runs/runs'
import { duration } from '../../../lib/format.ts'
import { useNow } from '../../../lib/now.ts'
import { Button } from '../../../ui/button.tsx'
import { Menu, MenuItem, MenuLabel } from '../../../ui/menu.tsx'
import { landmarks, timelineOf } from '../timeline/timeline.ts'
import { type EventGroup, eventGroups, filterFrom, type Verbosity, verbosities, withFilter } from './event-filter.ts'
import type { Row } from './rows.ts'

const groupWords: Record<EventGroup, string> = {
  text: 'Text',
  thinking: 'Thinking',
  tools: 'Tools',
  edits: 'Edits',
  errors: 'Errors',
  system: 'System'
}

const verbosityWords: Record<Verbosity, { title: string; note: string }> = {
  quiet: { title: 'Quiet', note: 'What the agent says, changes and fails at' },
  normal: { title: 'Normal', note: 'Like calls in a row are folded' },
  everything: { title: 'Everything', note: 'Nothing is folded' }
}

const landmarksShown = 6

interface Props {
  run: Run
  rows: readonly Row[]
  onJump: (seq: number) => void
}

/** What shows in the stream, kept in the address, and where to jump: the keyboard's way to what the ribbon shows. */
export function EventsMenu({ run, rows, onJump }: Props) {
  const [search, setSearch] = useSearchParams()
  const filter = filterFrom(search)
  const narrowed = filter.hidden.length > 0 || filter.verbosity !== 'normal'
  const set = (change: Partial<typeof filter>) =>
    setSearch(before => withFilter(before, { ...filter, ...change }), { replace: true })
  const toggle = (group: EventGroup) =>
    set({ hidden: eventGroups.filter(one => filter.hidden.includes(one) !== (one === group)) })
  return (
    <Menu
      align="end"
      trigger={
        <Button small look="ghost" icon={ListFilter}>
          {narrowed ? 'Events, filtered' : 'Events'}
        </Button>
      }
    >
      <MenuLabel>Show</MenuLabel>
      {eventGroups.map(group => (
        <MenuItem key={group} keepOpen checked={!filter.hidden.includes(group)} onSelect={() => toggle(group)}>
          {groupWords[group]}
        </MenuItem>
      ))}
      <MenuLabel>How much</MenuLabel>
      {verbosities.map(verbosity => (
        <MenuItem
          key={verbosity}
          keepOpen
          checked={filter.verbosity === verbosity}
          note={verbosityWords[verbosity].note}
          onSelect={() => set({ verbosity })}
        >
          {verbosityWords[verbosity].title}
        </MenuItem>
      ))}
      <Landmarks run={run} rows={rows} onJump={onJump} />
    </Menu>
  )
}

function Landmarks({ run, rows, onJump }: Props) {
  const timeline = timelineOf(run, rows, useNow(!isEnded(run.status)))
  const marks = timeline ? landmarks(timeline, landmarksShown) : []
  if (marks.length === 0) return null
  return (
    <>
      <MenuLabel>Jump to</MenuLabel>
      {marks.map(({ kind, from, to, seq, name }) => (
        <MenuItem
          key={`${kind}:${seq}`}
          onSelect={() => onJump(seq)}
          note={kind === 'error' ? undefined : duration(to - from)}
        >
          {name.length > 60 ? `${name.slice(0, 60)}…` : name}
        </MenuItem>
      ))}
    </>
  )
}
