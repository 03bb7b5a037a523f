import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { Link } from 'wouter'
import type { Approval } from '#contract/runs/approvals'
import { getRun } from '#contract/runs/runs'
import { flowOrigins } from '#contract/work/flow-runs'
import { call, wordsOf } from '../../lib/call.ts'
import { exactTime, stamp, titleOf } from '../../lib/format.ts'
import { useNarrow } from '../../lib/narrow.ts'
import { keys } from '../../lib/query-keys.ts'
import { isolated } from '../../lib/visible.ts'
import { AgentAvatar } from '../../parts/agent-avatar.tsx'
import { ApprovalAnswer } from '../../parts/approvals/approval-answer.tsx'
import { ApprovalBody, ApprovalReason } from '../../parts/approvals/approval-body.tsx'
import { editOf } from '../../parts/approvals/approval-edit.tsx'
import { factsOf } from '../../parts/approvals/approval-facts.ts'
import { requestOf } from '../../parts/approvals/approval-request.ts'
import { askerOf, decisionWords } from '../../parts/approvals/approval-words.ts'
import { useApproval } from '../../parts/approvals/approvals.ts'
import { AskTitle } from '../../parts/approvals/ask-title.tsx'
import { originWords } from '../../parts/flows/flow-words.ts'
import { useFlow } from '../../parts/flows/flows.ts'
import { runFolder } from '../../parts/run-folder.ts'
import { reportOf, useRunners } from '../../parts/runners.ts'
import { useWho } from '../../parts/who.ts'
import { Ago } from '../../ui/ago.tsx'
import { Pill } from '../../ui/glyph.tsx'
import { Shortcut } from '../../ui/key.tsx'
import { Problem } from '../../ui/notice.tsx'
import { Said } from '../../ui/said.tsx'
import styles from './approvals-page.module.css'
import { JustBefore } from './just-before.tsx'

interface Props {
  id: string
  onDecided: () => void
  onUndone: (approval: Approval) => void
}

export function ApprovalDetail({ id, onDecided, onUndone }: Props) {
  const { data: approval, error } = useApproval(id)
  const end = useRef<HTMLDivElement>(null)
  const seen = useSeen(end, approval !== undefined)
  const narrow = useNarrow()
  if (error && !approval) return <Problem title="The request could not be read">{wordsOf(error)}</Problem>
  if (!approval) return null
  const pending = approval.status === 'pending'
  const answer = (
    <ApprovalAnswer
      approval={approval}
      notYet={narrow && !seen ? 'Read it to its end first' : null}
      onDecided={onDecided}
      onUndone={onUndone}
    />
  )
  return (
    <>
      <div className={styles.inner}>
        <Origin approval={approval} />
        <h2 className={styles.heading}>
          <AskTitle approval={approval} />
        </h2>
        {!pending && <Decision approval={approval} />}
        <ApprovalBody approval={approval} />
        <div ref={end} />
        <Facts approval={approval} />
        <ReasonPart approval={approval} />
        {pending && <JustBefore approval={approval} />}
        {pending && approval.kind === 'question' && answer}
      </div>
      {pending && approval.kind !== 'question' && (
        <div className={styles.bar} data-bottom-bar="">
          {answer}
          <p className={styles.keys}>
            <span>
              <Shortcut keys="j" /> <Shortcut keys="k" /> next, previous
            </span>
            {editOf(approval) && (
              <span>
                <Shortcut keys="e" /> edit before allowing
              </span>
            )}
            <span>
              <Shortcut keys="o" /> {approval.runId === null ? 'open flow' : 'open run'}
            </span>
            <Patience approval={approval} />
          </p>
        </div>
      )}
    </>
  )
}

/** How long it waits. */
function Patience({ approval }: { approval: Approval }) {
  return (
    <span className={styles.pause}>
      {approval.expiresAt === null ? (
        <>
          <Said>{askerOf(approval)}</Said> pauses until you decide. No timeout.
        </>
      ) : approval.kind === 'flow' ? (
        <>Not started unless you allow it by {exactTime(approval.expiresAt)}.</>
      ) : (
        <>Somebody waits for the end of this run: unanswered by {exactTime(approval.expiresAt)}, it counts as no.</>
      )}
    </span>
  )
}

/** Whether the end of what is asked has once been in view. */
function useSeen(end: { current: HTMLElement | null }, there: boolean): boolean {
  const [seen, setSeen] = useState(false)
  useEffect(() => {
    const element = end.current
    if (!there || seen || !element) return
    const observer = new IntersectionObserver(entries => setSeen(entries.some(entry => entry.isIntersecting)))
    observer.observe(element)
    return () => observer.disconnect()
  }, [end, there, seen])
  return seen
}

/** The run that asks; there is none yet where a flow does. */
function useRunOf({ runId }: Approval) {
  return useQuery({
    queryKey: keys.run(runId ?? ''),
    queryFn: ({ signal }) => call(getRun, { params: { id: runId ?? '' }, signal }),
    enabled: runId !== null
  })
}

function Origin({ approval }: { approval: Approval }) {
  const runners = useRunners().data?.data
  const { data: run } = useRunOf(approval)
  return (
    <p className={styles.origin}>
      <AgentAvatar id={approval.agentId} name={askerOf(approval)} size="small" />
      <b>
        <Said>{askerOf(approval)}</Said>
      </b>
      {approval.runId === null ? (
        <FlowOfIt flowId={approval.flowId} />
      ) : (
        <>
          <span>in</span>
          <Link href={`/runs/${approval.runId}`} data-open-run="">
            {run ? <Said>{titleOf(run)}</Said> : 'Open run'}
          </Link>
        </>
      )}
      {run && <span>· {reportOf(runners, run.runtime, run.runnerId)?.title ?? run.runtime}</span>}
      {run?.cwd && (
        <span title={isolated(run.cwd)}>
          · <Said>{runFolder(run)}</Said>
        </span>
      )}
      <span>
        · <Ago ts={approval.createdAt} ago />
      </span>
    </p>
  )
}

/** The flow that asks whether it may start; one that was deleted since has no name. */
function FlowOfIt({ flowId }: { flowId: string | null }) {
  const flow = useFlow(flowId).data
  if (!flow) return <span>would do it</span>
  return (
    <>
      <span>would do the flow</span>
      <Link href={`/flows/${flow.id}`} data-open-run="">
        <Said>{flow.title}</Said>
      </Link>
    </>
  )
}

/** Why a flow is to start, and since when. */
function flowFacts({ kind, input }: Approval): { name: string; value: string }[] {
  const origin = flowOrigins.find(one => one === input.origin)
  if (kind !== 'flow' || origin === undefined || typeof input.dueAt !== 'string') return []
  return [
    { name: 'To start', value: originWords[origin] },
    { name: 'Due', value: stamp(input.dueAt) }
  ]
}

/** What follows from the request itself; the agent has no say in it. */
function Facts({ approval }: { approval: Approval }) {
  const { data: run } = useRunOf(approval)
  const facts = run ? factsOf(requestOf(approval), run.cwd) : flowFacts(approval)
  if (facts.length === 0) return null
  return (
    <dl className={styles.facts}>
      {facts.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <Said exact>{value}</Said>
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Decision({ approval }: { approval: Approval }) {
  const who = useWho()
  const { tone, words } = decisionWords({ ...approval, state: approval.status })
  return (
    <p className={styles.decision}>
      <Pill tone={tone}>{words}</Pill>
      {approval.decidedBy && (
        <span>
          by <Said>{who(approval.decidedBy)}</Said>
        </span>
      )}
      {approval.decidedAt && <Ago ts={approval.decidedAt} ago />}
      {approval.denyReason && (
        <span>
          “<Said>{approval.denyReason}</Said>”
        </span>
      )}
    </p>
  )
}

function ReasonPart({ approval }: { approval: Approval }) {
  const words = ApprovalReason({ approval })
  return (
    words && (
      <div>
        <h3 className={styles.label}>Why, in the agent’s words</h3>
        {words}
      </div>
    )
  )
}
