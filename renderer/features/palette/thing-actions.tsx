import { useQueryClient } from '@tanstack/react-query'
import { Command } from 'cmdk'
import {
  Check,
  CircleAlert,
  CircleStop,
  ExternalLink,
  type LucideIcon,
  MessageSquare,
  Pause,
  Play,
  RefreshCw,
  SlidersHorizontal,
  X
} from 'lucide-react'
import { useState } from 'react'
import type { Approval } from '#contract/runs/approvals'
import { isEnded } from '#contract/runs/runs'
import { runTask } from '#contract/work/tasks'
import { call, wordsOf } from '../../lib/call.ts'
import { keys } from '../../lib/query-keys.ts'
import { useAgentDeed } from '../../parts/agents.ts'
import { ApprovalBody } from '../../parts/approvals/approval-body.tsx'
import { useDecide } from '../../parts/approvals/approvals.ts'
import { AskTitle } from '../../parts/approvals/ask-title.tsx'
import { useGuard } from '../../parts/approvals/use-guard.ts'
import { whyNotNow } from '../../parts/flows/flow-words.ts'
import { useFlowActions } from '../../parts/flows/flows.ts'
import { useRunActions } from '../../parts/runs.ts'
import { useMay } from '../../parts/who.ts'
import styles from './palette.module.css'
import { Entry } from './palette-entry.tsx'
import { addressOf, type Thing } from './things.ts'

interface Props {
  thing: Thing
  onGo: (path: string) => void
  /** Goes on with a prompt. */
  onPrompt: (words: string) => void
  onDone: () => void
}

interface Action {
  id: string
  title: string
  icon: LucideIcon
  /** It is asked for a second time. */
  danger?: boolean
  act: () => unknown
}

/** What can be done with one thing, without going there. */
export function ThingActions(props: Props) {
  switch (props.thing.kind) {
    case 'agent':
      return <AgentActions {...props} agent={props.thing.agent} />
    case 'run':
      return <RunActions {...props} run={props.thing.run} />
    case 'task':
      return <TaskActions {...props} task={props.thing.task} />
    case 'flow':
      return <FlowActions {...props} flow={props.thing.flow} />
    case 'approval':
      return <ApprovalActions {...props} approval={props.thing.approval} />
  }
}

type Of<Kind extends Thing['kind']> = Props & Omit<Extract<Thing, { kind: Kind }>, 'kind'>

function AgentActions({ thing, agent, onGo, onPrompt, onDone }: Of<'agent'>) {
  const deed = useAgentDeed()
  const may = useMay('write')
  const does = (name: 'pause' | 'resume') => () => deed.mutateAsync({ id: agent.id, deed: name }).then(onDone)
  const paused = agent.status === 'paused'
  const actions: Action[] = [
    { id: 'open', title: 'Open', icon: ExternalLink, act: () => onGo(addressOf(thing)) },
    ...(may && !paused
      ? [{ id: 'prompt', title: 'Prompt it', icon: MessageSquare, act: () => onPrompt(`> @${agent.slug} `) }]
      : []),
    ...(may && !paused ? [{ id: 'pause', title: 'Pause', icon: Pause, act: does('pause') }] : []),
    ...(may && paused ? [{ id: 'resume', title: 'Resume', icon: Play, act: does('resume') }] : []),
    { id: 'config', title: 'Settings', icon: SlidersHorizontal, act: () => onGo(`/fleet/${agent.id}?tab=config`) }
  ]
  return <ActionList title={agent.name} actions={actions} />
}

function RunActions({ thing, run, onGo, onDone }: Of<'run'>) {
  const { cancel, retry } = useRunActions(run.id)
  const may = useMay('write')
  const ended = isEnded(run.status)
  const actions: Action[] = [
    { id: 'open', title: 'Open', icon: ExternalLink, act: () => onGo(addressOf(thing)) },
    ...(may && ended
      ? [
          {
            id: 'retry',
            title: 'Run it again',
            icon: RefreshCw,
            act: () => retry.mutateAsync().then(again => onGo(`/runs/${again.id}`))
          }
        ]
      : []),
    ...(may && !ended
      ? [
          {
            id: 'stop',
            title: 'Stop',
            icon: CircleStop,
            danger: true,
            act: () => cancel.mutateAsync(false).then(onDone)
          }
        ]
      : [])
  ]
  return <ActionList title={`Run #${run.number}`} actions={actions} />
}

function TaskActions({ thing, task, onGo }: Of<'task'>) {
  const queries = useQueryClient()
  const may = useMay('write')
  const startable = may && task.assigneeId !== null && task.blockedBy.length === 0 && task.status !== 'running'
  const start = async () => {
    const run = await call(runTask, { params: { id: task.id } })
    await queries.invalidateQueries({ queryKey: keys.task(task.id) })
    onGo(`/runs/${run.id}`)
  }
  const actions: Action[] = [
    { id: 'open', title: 'Open', icon: ExternalLink, act: () => onGo(addressOf(thing)) },
    ...(startable && task.status !== 'waiting' ? [{ id: 'start', title: 'Start it', icon: Play, act: start }] : []),
    ...(task.runId === null
      ? []
      : [{ id: 'run', title: 'Open its run', icon: ExternalLink, act: () => onGo(`/runs/${task.runId}`) }])
  ]
  return <ActionList title={`T-${task.number} ${task.title}`} actions={actions} />
}

function FlowActions({ thing, flow, onGo, onDone }: Of<'flow'>) {
  const { change, start } = useFlowActions()
  const may = useMay('write')
  const does = (status: 'active' | 'paused') => () => change.mutateAsync({ id: flow.id, status }).then(onDone)
  const run = () => start.mutateAsync({ id: flow.id }).then(() => onGo(addressOf(thing)))
  const actions: Action[] = [
    { id: 'open', title: 'Open', icon: ExternalLink, act: () => onGo(addressOf(thing)) },
    ...(may && whyNotNow(flow) === null ? [{ id: 'run', title: 'Run it now', icon: Play, act: run }] : []),
    ...(may && flow.status === 'active' ? [{ id: 'pause', title: 'Pause', icon: Pause, act: does('paused') }] : []),
    ...(may && (flow.status === 'paused' || flow.status === 'error')
      ? [{ id: 'resume', title: 'Resume', icon: Play, act: does('active') }]
      : []),
    ...(may ? [{ id: 'edit', title: 'Edit', icon: SlidersHorizontal, act: () => onGo(`/flows/${flow.id}/edit`) }] : [])
  ]
  return <ActionList title={flow.title} actions={actions} />
}

/** A request is decided only where it is shown whole. A question, a plan and trust have answers of their own. */
function ApprovalActions({ thing, approval, onGo, onDone }: Of<'approval'>) {
  const decide = useDecide(approval.id)
  const may = useMay('write')
  const { settled } = useGuard()
  const answer = (allow: boolean) => async () => {
    if (!settled) return
    await decide.mutateAsync(allow ? { allow: true, scope: 'once' } : { allow: false, reason: '' })
    onDone()
  }
  const actions: Action[] = [
    ...(may && approval.kind === 'tool'
      ? [
          { id: 'allow', title: 'Allow once', icon: Check, danger: true, act: answer(true) },
          { id: 'deny', title: 'Deny', icon: X, act: answer(false) }
        ]
      : []),
    { id: 'open', title: 'Open in the inbox', icon: ExternalLink, act: () => onGo(addressOf(thing)) }
  ]
  return <ActionList title="Answer" actions={actions} />
}

/** What is decided, above the answers. */
export function WholeRequest({ approval }: { approval: Approval }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard
    <section className={styles.request} tabIndex={0} aria-label="The request">
      <p>
        <b>
          <AskTitle approval={approval} />
        </b>{' '}
        {approval.runNumber !== null && <>Run #{approval.runNumber}</>}
      </p>
      <ApprovalBody approval={approval} />
    </section>
  )
}

function ActionList({ title, actions }: { title: string; actions: readonly Action[] }) {
  const [fault, setFault] = useState<unknown>(null)
  const [busy, setBusy] = useState<string | null>(null)
  const [sure, setSure] = useState<string | null>(null)
  const run = async ({ id, danger, act }: Action) => {
    if (busy !== null) return
    if (danger && sure !== id) return setSure(id)
    setBusy(id)
    setFault(null)
    try {
      await act()
    } catch (error) {
      setFault(error)
    } finally {
      setBusy(null)
      setSure(null)
    }
  }
  return (
    <>
      <Command.Group heading={title} className={styles.group}>
        {actions.map(action => (
          <Entry
            key={action.id}
            value={`do ${action.id}`}
            keywords={[action.title]}
            icon={action.icon}
            title={sure === action.id ? `${action.title}? Once more to do it` : action.title}
            danger={sure === action.id}
            onSelect={() => void run(action)}
          />
        ))}
      </Command.Group>
      {fault !== null && (
        <p className={styles.fault} role="alert">
          <CircleAlert size={14} aria-hidden /> {wordsOf(fault)}
        </p>
      )}
    </>
  )
}
