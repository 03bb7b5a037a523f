import { useEffect, useState } from 'react'
import type { RunEvent, ToolKind, ToolUseData } from '#contract/runs/events'
import { isEnded, type Run } from '#contract/runs/runs'
import { useCalm } from '../lib/calm.ts'
import { followRun } from '../lib/live.ts'
import { pace, unpace } from '../lib/pace.ts'

/** What an agent does now, in words: a verb, and what of. */
interface Step {
  verb: string
  /** A path, a command, a pattern; empty where the verb says all. */
  of: string
}

/** The latest step is among so many last events. */
const looked = 20
/** Nobody reads a line that changes more often than twice a second. */
const readMs = 500

/** The latest step of a live run, as its events come. Only what is on the page is followed. */
export function useLatestStep(run: Run | undefined): Step | null {
  const [step, setStep] = useState<Step | null>(null)
  const id = run && !isEnded(run.status) ? run.id : undefined
  const known = run?.lastSeq ?? 0
  // biome-ignore lint/correctness/useExhaustiveDependencies: where it begins matters once; it goes on by itself
  useEffect(() => {
    setStep(null)
    if (id === undefined) return
    let seen = Math.max(0, known - looked)
    let latest: Step | null = null
    const show = () => setStep(latest)
    const unfollow = followRun(id, {
      after: () => seen,
      event: event => {
        seen = event.seq
        const next = stepOf(event)
        if (next === null) return
        latest = next
        pace(show)
      },
      delta: () => {},
      end: () => {},
      resumed: () => {}
    })
    return () => {
      unfollow()
      unpace(show)
    }
  }, [id])
  return useCalm(step, readMs)
}

const verbs: Record<ToolKind, string> = {
  read: 'Reading',
  search: 'Searching',
  edit: 'Editing',
  command: 'Running',
  web: 'Opening',
  agent: 'Waiting for a sub-agent:',
  todo: 'Updating its list',
  plan: 'Planning',
  question: 'Asking',
  other: 'Using'
}

/** null: it says nothing of what is done now. */
function stepOf({ kind, data }: RunEvent): Step | null {
  if (kind === 'thinking') return { verb: 'Thinking', of: '' }
  if (kind === 'assistant') return { verb: 'Writing', of: '' }
  if (kind !== 'tool_use') return null
  const { toolKind, tool, argument } = data as unknown as ToolUseData
  const of = argument?.split('\n', 1)[0] ?? ''
  return toolKind === 'other' ? { verb: verbs.other, of: tool } : { verb: verbs[toolKind] ?? verbs.other, of }
}
