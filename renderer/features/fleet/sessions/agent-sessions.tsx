import { useMemo, useState } from 'react'
import type { Agent } from '#contract/fleet/agents'
import type { Run } from '#contract/runs/runs'
import { wordsOf } from '../../../lib/call.ts'
import { useHotkeys } from '../../../lib/hotkeys.ts'
import { LogTable } from '../../../parts/log-table/log-table.tsx'
import { useRunList } from '../../../parts/run-list.ts'
import { type Selection, useSelection } from '../../../parts/selection.ts'
import { Button } from '../../../ui/button.tsx'
import { Empty, Problem, SkeletonRows } from '../../../ui/notice.tsx'
import { SelectionBar } from '../../../ui/selection-bar.tsx'
import { Views } from '../../../ui/views.tsx'
import { Comparison } from './comparison.tsx'
import { useSessionAddress } from './session-address.ts'
import { sessionColumns } from './session-columns.tsx'
import { SessionFilters } from './session-filters.tsx'
import styles from './sessions.module.css'
import { type SessionLine, sessionLines } from './sessions.ts'

const none: readonly Run[] = []

/** All runs of an agent, folded by the conversation that they belong to; two of them can be compared. */
export function AgentSessions({ agent }: { agent: Agent }) {
  const address = useSessionAddress(agent.id)
  const { apart, filter, filtered } = address
  const list = useRunList(filter)
  const runs = useMemo(() => list.data?.pages.flatMap(page => page.data) ?? none, [list.data])
  const total = list.data?.pages[0]?.pagination.total ?? 0
  const [opened, setOpened] = useState<readonly string[]>([])
  const fold = (root: string) =>
    setOpened(before => (before.includes(root) ? before.filter(one => one !== root) : [...before, root]))
  const lines = useMemo(
    () =>
      apart ? runs.map((run): SessionLine => ({ type: 'run', id: run.id, run, n: null })) : sessionLines(runs, opened),
    [runs, apart, opened]
  )
  const selection = useSelection(runs.map(({ id }) => id))
  const [focused, setFocused] = useState<string | null>(null)
  const line = lines.find(one => one.id === focused)
  useHotkeys([
    { keys: 'x', label: 'Select the run', run: () => line && selection.toggle(line.run.id) },
    { keys: 'o', label: 'Fold or unfold the session', run: () => line?.type === 'chain' && fold(line.run.rootRunId) },
    ...(selection.ids.length > 0 ? [{ keys: 'Escape', label: 'Clear the selection', run: selection.clear }] : [])
  ])
  if (!list.data && list.error)
    return (
      <Problem
        title="Its runs could not be read"
        action={
          <Button small onClick={() => void list.refetch()}>
            Try again
          </Button>
        }
      >
        {wordsOf(list.error)} Runs that go on are not affected.
      </Problem>
    )
  return (
    <>
      <SessionFilters
        address={address}
        total={total}
        chains={lines.filter(one => isHead(one)).length}
        all={runs.length}
      />
      {!list.data && <SkeletonRows height={36} />}
      {list.data && lines.length === 0 && <Nothing filtered={filtered} agentId={agent.id} />}
      {lines.length > 0 && (
        <LogTable
          key={`${apart} ${JSON.stringify(filter)}`}
          label="Sessions"
          one="session"
          className={styles.columns}
          columns={sessionColumns({ isSelected: selection.has, onSelect: selection.toggle, onFold: fold })}
          items={lines}
          idOf={one => one.id}
          hrefOf={({ run }) => `/runs/${run.id}`}
          chosen={null}
          heights={{ compact: 36, comfortable: 44, narrow: 76 }}
          total={lines.length}
          onEnd={() => list.hasNextPage && !list.isFetchingNextPage && void list.fetchNextPage()}
          onFocus={setFocused}
          fresh={null}
          onFresh={() => undefined}
        />
      )}
      <Selected runs={runs} selection={selection} />
    </>
  )
}

/** A run under the head of its chain is none of its own. */
function isHead(line: SessionLine): boolean {
  return line.type === 'chain' || line.n === null
}

function Selected({ runs, selection }: { runs: readonly Run[]; selection: Selection }) {
  const [turned, setTurned] = useState(false)
  const selected = selection.ids.flatMap(id => runs.find(run => run.id === id) ?? [])
  // Of two the older one is the first, until they are swapped.
  const [second, first] = turned ? selected.toReversed() : selected
  if (selected.length === 2 && first && second)
    return (
      <Comparison first={first} second={second} onSwap={() => setTurned(before => !before)} onClear={selection.clear} />
    )
  if (selected.length === 0) return null
  return (
    <SelectionBar label="Selected runs" count={selected.length} onClear={selection.clear}>
      {selected.length === 1 ? 'Select another one to compare them.' : 'Two can be compared.'}
    </SelectionBar>
  )
}

function Nothing({ filtered, agentId }: { filtered: boolean; agentId: string }) {
  if (!filtered) return <Empty title="It has not run yet">The first run starts with a prompt in its overview.</Empty>
  return (
    <Empty
      title="No run matches"
      action={<Views views={[{ title: 'Clear the filters', href: `/fleet/${agentId}?tab=sessions`, on: false }]} />}
    />
  )
}
