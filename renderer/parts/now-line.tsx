import type { Agent } from '#contract/fleet/agents'
import { isEnded, type Run } from '#contract/runs/runs'
import { titleOf } from '../lib/format.ts'
import { Said } from '../ui/said.tsx'
import { askOf } from './approvals/approval-words.ts'
import { usePendingApprovals } from './approvals/approvals.ts'
import { useLatestStep } from './latest-step.ts'

interface Props {
  agent: Agent
  /** The run that goes on, or the last one; undefined: none is known. */
  run: Run | undefined
}

/** What an agent does now, wants, or did last, in one line. */
export function NowLine({ agent, run }: Props) {
  if (agent.status === 'paused' || agent.status === 'archived')
    return <Said>{agent.statusReason ?? 'Takes no work'}</Said>
  if (run && !isEnded(run.status)) return <LiveLine run={run} />
  if (run) return <LastLine agent={agent} run={run} />
  return agent.counters.runs === 0 ? 'No run yet' : (agent.statusReason ?? 'At rest')
}

function LiveLine({ run }: { run: Run }) {
  const approval = usePendingApprovals().data?.data.find(one => one.runId === run.id)
  const step = useLatestStep(run)
  if (run.status === 'WAITING' && approval) {
    const { verb, subject } = askOf(approval)
    return (
      <Doing
        verb={capital(verb) + (approval.kind === 'question' && subject ? ':' : '')}
        of={subject}
        exact
        code={approval.kind === 'tool'}
      />
    )
  }
  if (run.status === 'QUEUED') return <Said>{run.statusReason ?? 'Next in line'}</Said>
  if (step) return <Doing verb={step.verb} of={step.of} code />
  return <Said>{run.statusReason ?? titleOf(run)}</Said>
}

function LastLine({ agent, run }: { agent: Agent; run: Run }) {
  if (run.status === 'SUCCEEDED')
    return agent.statusReason ? <Said>{agent.statusReason}</Said> : <About verb="Finished" run={run} />
  if (run.status === 'CANCELLED') return <About verb="Stopped" run={run} />
  return <Said>{run.error?.message.split('\n', 1)[0] ?? run.statusReason ?? 'The run failed'}</Said>
}

function About({ verb, run }: { verb: string; run: Run }) {
  return (
    <>
      {verb} “<Said>{titleOf(run)}</Said>”
    </>
  )
}

function Doing({ verb, of, code, exact }: { verb: string; of: string; code: boolean; exact?: boolean }) {
  const words = exact === undefined ? <Said>{of}</Said> : <Said exact>{of}</Said>
  return (
    <>
      <Said exact>{verb}</Said>
      {of !== '' && ' '}
      {of !== '' && (code ? <code>{words}</code> : words)}
    </>
  )
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}
