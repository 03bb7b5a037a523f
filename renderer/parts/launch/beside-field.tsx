import { useQuery } from '@tanstack/react-query'
import { useEffect, useId } from 'react'
import { Link } from 'wouter'
import { listRuns } from '#contract/runs/runs'
import { call } from '../../lib/call.ts'
import { titleOf } from '../../lib/format.ts'
import { keys } from '../../lib/query-keys.ts'
import { useRested } from '../../lib/rested.ts'
import { Choice } from '../../ui/choice.tsx'
import { Said } from '../../ui/said.tsx'
import styles from './launch.module.css'
import type { Launching } from './use-launch-draft.ts'

const restMs = 300
const working = 'CLAIMED,RUNNING,WAITING'

/** Said before a run starts: another one works in the folder already, and they would write over each other. */
export function BesideField({ launching: { draft, set } }: { launching: Launching }) {
  const group = useId()
  const folder = useRested(draft.cwd.trim(), restMs)
  const there = useQuery({
    queryKey: keys.workingIn(folder),
    queryFn: ({ signal }) => call(listRuns, { query: { status: working, folder, limit: 5 }, signal }),
    enabled: folder !== '',
    staleTime: 0
  })
  const [first, ...others] = there.data?.data ?? []
  const isAsked = first !== undefined && draft.beside === null
  // biome-ignore lint/correctness/useExhaustiveDependencies: chosen once, when it is asked
  useEffect(() => {
    if (isAsked) set({ beside: 'wait' })
  }, [isAsked])
  if (!first) return null
  return (
    <fieldset className={styles.beside}>
      <legend>
        <Link href={`/runs/${first.id}`}>
          Run #{first.number}, <Said>{titleOf(first)}</Said>
        </Link>
        {others.length > 0 && ` and ${others.length === 4 ? 'others' : `${others.length} more`}`} work
        {others.length === 0 && 's'} in this folder now.
      </legend>
      <div className={styles.pair}>
        <Choice
          group={group}
          checked={draft.beside !== 'go_on'}
          onChoose={() => set({ beside: 'wait' })}
          title="Wait"
          note="It starts when nobody else works there."
        />
        <Choice
          group={group}
          checked={draft.beside === 'go_on'}
          onChoose={() => set({ beside: 'go_on' })}
          title="Start beside it"
          note="They may write over each other's changes."
        />
      </div>
    </fieldset>
  )
}
