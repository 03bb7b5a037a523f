import { MoreHorizontal, Pause, Pencil, Play } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { AppError } from '#contract/errors'
import type { Flow } from '#contract/work/flows'
import { wordsOf } from '../../lib/call.ts'
import { duration, exactTime, money, until, upcoming } from '../../lib/format.ts'
import { useHotkeys } from '../../lib/hotkeys.ts'
import { useMinute } from '../../lib/now.ts'
import { useAgentsById } from '../../parts/agents.ts'
import { useAskingFlows } from '../../parts/flows/asking-flows.ts'
import { lookOfFlow, modeWords, successOf, whyNotNow } from '../../parts/flows/flow-words.ts'
import { useFlow, useFlowActions, useTicks } from '../../parts/flows/flows.ts'
import { useMe } from '../../parts/who.ts'
import { Ago } from '../../ui/ago.tsx'
import { Button, Content, classOf, IconButton } from '../../ui/button.tsx'
import { Glyph, Pill } from '../../ui/glyph.tsx'
import { Problem, SkeletonRows } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Said } from '../../ui/said.tsx'
import { toast, toastFailure } from '../../ui/toast.tsx'
import { FlowMenu } from './flow-menu.tsx'
import styles from './flow-panel.module.css'
import { FlowTicks } from './flow-ticks.tsx'
import { FlowTriggers } from './flow-triggers.tsx'

interface Props {
  id: string
  /** Why nothing may be changed; null: it may. */
  readOnly: string | null
  onClose: () => void
}

/** All of one flow: what starts it, whether it can, and what came of each time. */
export function FlowPanel({ id, readOnly, onClose }: Props) {
  const { data: flow, error, refetch } = useFlow(id)
  const gone = error instanceof AppError && error.code === 'NOT_FOUND'
  const shown = gone ? undefined : flow
  return (
    <Panel
      label="Flow"
      title={shown ? <Said>{shown.title}</Said> : 'Flow'}
      actions={
        shown &&
        readOnly === null && (
          <FlowMenu
            flow={shown}
            onDeleted={onClose}
            trigger={<IconButton icon={MoreHorizontal} label="More of this flow" />}
          />
        )
      }
      onClose={onClose}
    >
      {gone && (
        <Problem
          title="There is no such flow"
          action={
            <Button small onClick={onClose}>
              Show all flows
            </Button>
          }
        >
          It was deleted, or belongs to somebody else.
        </Problem>
      )}
      {error && !gone && !flow && (
        <Problem
          title="The flow could not be read"
          action={
            <Button small onClick={() => void refetch()}>
              Try again
            </Button>
          }
        >
          {wordsOf(error)} It starts when it is to, whether it is seen or not.
        </Problem>
      )}
      {!shown && !error && <SkeletonRows rows={5} height={44} />}
      {shown && <Whole flow={shown} readOnly={readOnly} />}
    </Panel>
  )
}

function Whole({ flow, readOnly }: { flow: Flow; readOnly: string | null }) {
  const asks = useAskingFlows().has(flow.id)
  const { tone, word } = lookOfFlow(flow, asks)
  const ticks = useTicks(flow.id)
  return (
    <>
      <div className={styles.about}>
        <p className={styles.status}>
          <Pill tone={tone}>{word}</Pill>
          {flow.statusReason && (
            <span>
              <Said>{flow.statusReason}</Said>
              {flow.status !== 'active' && (
                <>
                  , <Ago ts={flow.statusSince} ago />
                </>
              )}
            </span>
          )}
        </p>
        {flow.description !== '' && (
          <p className={styles.description}>
            <Said>{flow.description}</Said>
          </p>
        )}
        {readOnly === null ? <Deeds flow={flow} /> : <p className={styles.quiet}>{readOnly}</p>}
      </div>
      {flow.standing.problems.length > 0 && (
        <section className={styles.problems} aria-label="What stands against its next run">
          <ul>
            {flow.standing.problems.map(({ code, message }) => (
              <li key={code + message}>
                <Glyph tone="failed" label="Problem:" />
                <Said>{message}</Said>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Facts flow={flow} ticks={ticks} />
      <FlowTriggers flow={flow} readOnly={readOnly} />
      <section>
        <h3 className={styles.label}>What it is told</h3>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard */}
        <pre className={styles.prompt} tabIndex={0}>
          <Said>{flow.prompt}</Said>
        </pre>
      </section>
      <FlowTicks ticks={ticks} />
    </>
  )
}

function Deeds({ flow }: { flow: Flow }) {
  const [, navigate] = useLocation()
  const { change, start } = useFlowActions()
  const not = start.isPending ? 'It is being started' : whyNotNow(flow)
  const run = () => {
    if (not !== null) return toast(not, 'failed')
    start.mutate(
      { id: flow.id },
      {
        onSuccess: ({ status, approvalId }) =>
          status === 'pending' && approvalId !== null && navigate(`/approvals/${approvalId}`),
        onError: toastFailure
      }
    )
  }
  const edit = `/flows/${flow.id}/edit`
  useHotkeys([
    { keys: 'r', label: 'Run the flow now', run },
    { keys: 'e', label: 'Edit the flow', run: () => navigate(edit) }
  ])
  const set = (status: 'active' | 'paused') => change.mutate({ id: flow.id, status }, { onError: toastFailure })
  return (
    <div className={styles.deeds}>
      <Button
        look="primary"
        icon={Play}
        filled
        hotkey="r"
        aria-disabled={not !== null}
        title={not ?? undefined}
        onClick={run}
      >
        Run now
      </Button>
      {flow.status === 'active' ? (
        <Button icon={Pause} disabled={change.isPending} onClick={() => set('paused')}>
          Pause
        </Button>
      ) : (
        <Button icon={Play} disabled={change.isPending} onClick={() => set('active')}>
          {flow.status === 'draft' ? 'Make it active' : flow.status === 'archived' ? 'Restore' : 'Resume'}
        </Button>
      )}
      <Link href={edit} className={classOf()}>
        <Content icon={Pencil} hotkey="e">
          Edit
        </Content>
      </Link>
      {not !== null && !start.isPending && <p className={styles.quiet}>{not}</p>}
    </div>
  )
}

function Facts({ flow, ticks }: { flow: Flow; ticks: ReturnType<typeof useTicks> }) {
  const now = useMinute()
  const agent = useAgentsById([flow.agentId]).get(flow.agentId)
  const me = useMe()
  return (
    <dl className={styles.facts}>
      <Fact name="Next run" note={flow.nextRunAt && until(flow.nextRunAt, now)}>
        {flow.nextRunAt === null ? '–' : <span title={exactTime(flow.nextRunAt)}>{upcoming(flow.nextRunAt, now)}</span>}
      </Fact>
      <Fact name="Approval" note={flow.mode === 'always_ask' && `no answer in ${hours(flow.approvalMinutes)} is no`}>
        {modeWords[flow.mode]}
      </Fact>
      <Succeeded ticks={ticks} />
      <Fact name="Agent" note={flow.model && <Said>{flow.model}</Said>}>
        {agent ? (
          <Link href={`/fleet/${agent.id}`}>
            <Said>{agent.name}</Said>
          </Link>
        ) : (
          'Gone, or somebody else’s'
        )}
      </Fact>
      <Fact name="Acts for" note="with the rights of that person">
        {flow.ownerId === me?.user.id ? 'You' : 'Another person'}
      </Fact>
      <Fact name="Worth" note={flow.estimatedHumanMinutes === null ? undefined : 'of a person’s time per run'}>
        {flow.estimatedHumanMinutes === null ? '–' : `about ${flow.estimatedHumanMinutes} min`}
      </Fact>
    </dl>
  )
}

function hours(minutes: number): string {
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`
}

/** Of the runs that are listed below: the latest. */
function Succeeded({ ticks: { ticks = [], total } }: { ticks: ReturnType<typeof useTicks> }) {
  const { done, ran, medianMs, medianUsd } = successOf(ticks)
  const median = [
    medianMs === null ? null : `median ${duration(medianMs)}`,
    medianUsd === null ? null : money(medianUsd)
  ].filter(word => word !== null)
  return (
    <Fact name={ticks.length < total ? `Success, last ${ticks.length}` : 'Success'} note={median.join(' · ')}>
      {ran === 0 ? 'It never ran' : `${done} of ${ran}`}
    </Fact>
  )
}

function Fact({ name, note, children }: { name: string; note?: ReactNode; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {children}
        {note && <small>{note}</small>}
      </dd>
    </div>
  )
}
