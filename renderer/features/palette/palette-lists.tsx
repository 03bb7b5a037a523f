import { Command } from 'cmdk'
import { Activity, CalendarClock, Inbox, SquareKanban, TextSearch, Zap } from 'lucide-react'
import { type ReactNode, useEffect } from 'react'
import type { Approval } from '#contract/runs/approvals'
import type { Flow } from '#contract/work/flows'
import { titleOf, waited } from '../../lib/format.ts'
import type { Hotkey } from '../../lib/hotkeys.ts'
import { useMinute } from '../../lib/now.ts'
import type { Screen } from '../../lib/screen.ts'
import { visible } from '../../lib/visible.ts'
import { AgentStatusText } from '../../parts/agent-status.tsx'
import { useAgents } from '../../parts/agents.ts'
import { requestOf, subjectOf } from '../../parts/approvals/approval-request.ts'
import { askLine } from '../../parts/approvals/approval-words.ts'
import { usePendingApprovals } from '../../parts/approvals/approvals.ts'
import { useAskingFlows } from '../../parts/flows/asking-flows.ts'
import { lookOfFlow, startWords } from '../../parts/flows/flow-words.ts'
import { RunStatusText } from '../../parts/run-status.tsx'
import { TaskStatusText } from '../../parts/task-status.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Status } from '../../ui/glyph.tsx'
import { Shortcut } from '../../ui/key.tsx'
import styles from './palette.module.css'
import { Entry } from './palette-entry.tsx'
import { best } from './rank.ts'
import {
  entryOf,
  lookedFor,
  type Thing,
  useWork,
  wordsOfAgent,
  wordsOfFlow,
  wordsOfRun,
  wordsOfTask
} from './things.ts'

/** More entries than this take longer to draw than anybody wants to wait for a palette. */
const runsOffered = 12
const tasksOffered = 6
const flowsOffered = 6
const flowsUnasked = 2
const agentsOffered = 8
const agentsUnasked = 4
const waitingOffered = 8
/** Keys that walk are quicker pressed than chosen from a list. */
const walking = new Set(['j', 'k', '[', ']', 'Home', 'End', 'Enter', 'mod+k', 'mod+g', 'a', 'shift+a', 'd'])

interface Props {
  words: string
  /** Told what is offered, so that the entry that is chosen can be asked for its actions. */
  onOffered: (things: readonly Thing[]) => void
  onOpen: (thing: Thing) => void
}

/** Things that have a page: who waits, agents, runs, tasks and flows. */
export function Things({ words, onOffered, onOpen }: Props) {
  const asked = lookedFor(words)
  const pending = usePendingApprovals().data?.data ?? []
  const waiting = asked.rest ? pending.slice(0, waitingOffered) : []
  const unasked = asked.words.trim() === '' && asked.rest
  const most = unasked ? agentsUnasked : agentsOffered
  const known = useAgents().data ?? noAgents
  const agents = asked.agents ? best(known, asked.words, wordsOfAgent, most) : noAgents
  const work = useWork(asked.work ? asked.words : '')
  const runs = asked.work ? best(work.runs, asked.words, wordsOfRun, runsOffered) : []
  const tasks = asked.work ? best(work.tasks, asked.words, wordsOfTask, tasksOffered) : []
  const flows = asked.rest ? best(work.flows, asked.words, wordsOfFlow, unasked ? flowsUnasked : flowsOffered) : []
  const offered: Thing[] = [
    ...waiting.map(approval => ({ kind: 'approval' as const, approval })),
    ...agents.map(agent => ({ kind: 'agent' as const, agent })),
    ...runs.map(run => ({ kind: 'run' as const, run })),
    ...tasks.map(task => ({ kind: 'task' as const, task })),
    ...flows.map(flow => ({ kind: 'flow' as const, flow }))
  ]
  useEffect(() => {
    onOffered(offered)
  })
  const entry = (thing: Thing) => ({ value: entryOf(thing), onSelect: () => onOpen(thing) })
  return (
    <>
      <Waiting approvals={waiting} entry={entry} />
      <Group heading="Agents" of={agents}>
        {agent => (
          <Entry
            key={agent.id}
            {...entry({ kind: 'agent', agent })}
            keywords={wordsOfAgent(agent)}
            mark={<Avatar name={agent.name} glyph={agent.glyph} size="small" />}
            title={agent.name}
            note={[agent.role, agent.team].filter(Boolean).join(' · ')}
            end={<AgentStatusText state={agent.status} />}
          />
        )}
      </Group>
      <Group heading={words === '' ? 'Recent runs' : 'Runs'} of={runs}>
        {run => (
          <Entry
            key={run.id}
            {...entry({ kind: 'run', run })}
            keywords={wordsOfRun(run)}
            icon={Activity}
            title={titleOf(run)}
            note={`#${run.number}`}
            end={<RunStatusText run={run} />}
          />
        )}
      </Group>
      <Group heading="Tasks" of={tasks}>
        {task => (
          <Entry
            key={task.id}
            {...entry({ kind: 'task', task })}
            keywords={wordsOfTask(task)}
            icon={SquareKanban}
            title={task.title}
            note={`T-${task.number}`}
            end={<TaskStatusText status={task.status} />}
          />
        )}
      </Group>
      <Group heading="Flows" of={flows}>
        {flow => <FlowEntry key={flow.id} flow={flow} {...entry({ kind: 'flow', flow })} />}
      </Group>
    </>
  )
}

function FlowEntry({ flow, ...entry }: { flow: Flow; value: string; onSelect: () => void }) {
  const { tone, word } = lookOfFlow(flow, useAskingFlows().has(flow.id))
  return (
    <Entry
      {...entry}
      keywords={wordsOfFlow(flow)}
      icon={CalendarClock}
      title={flow.title}
      note={startWords(flow)}
      end={<Status tone={tone}>{word}</Status>}
    />
  )
}

interface WaitingProps {
  approvals: readonly Approval[]
  entry: (thing: Thing) => { value: string; onSelect: () => void }
}

function Waiting({ approvals, entry }: WaitingProps) {
  const now = useMinute()
  return (
    <Group heading="Waiting for you" of={approvals}>
      {approval => (
        <Entry
          key={approval.id}
          {...entry({ kind: 'approval', approval })}
          keywords={[askLine(approval), approval.title, approval.subject]}
          icon={Inbox}
          title={askLine(approval)}
          note={visible(subjectOf(requestOf(approval)))}
          end={<Status tone="waiting">{waited(approval.createdAt, now)}</Status>}
        />
      )}
    </Group>
  )
}

interface GroupProps<Item> {
  heading: string
  of: readonly Item[]
  children: (item: Item) => ReactNode
}

function Group<Item>({ heading, of, children }: GroupProps<Item>) {
  if (of.length === 0) return null
  return (
    <Command.Group heading={heading} className={styles.group}>
      {of.map(children)}
    </Command.Group>
  )
}

const noAgents: never[] = []

export function Screens({ screens, onGo }: { screens: readonly Screen[]; onGo: (path: string) => void }) {
  return (
    <Command.Group heading="Go to" className={styles.group}>
      {screens.map(({ title, path, icon, keys }) => (
        <Entry
          key={path}
          value={`screen ${path}`}
          keywords={[title, `Go to ${title}`]}
          icon={icon}
          title={`Go to ${title}`}
          end={keys && <Shortcut keys={keys} />}
          onSelect={() => onGo(path)}
        />
      ))}
    </Command.Group>
  )
}

/** What was said in all runs, where the words are no name. */
export function SearchAll({ words, onGo }: { words: string; onGo: (path: string) => void }) {
  return (
    <Command.Group heading="In all runs" className={styles.group}>
      <Entry
        value="search all runs"
        keywords={[words]}
        icon={TextSearch}
        title={`Search all runs for “${words}”`}
        onSelect={() => onGo(`/search?${new URLSearchParams({ q: words })}`)}
      />
    </Command.Group>
  )
}

export function Actions({ actions, onAct }: { actions: readonly Hotkey[]; onAct: (action: Hotkey) => void }) {
  return (
    <Command.Group heading="Actions" className={styles.group}>
      {actions
        .filter(action => !walking.has(action.keys) && !action.keys.startsWith('g '))
        .map(action => (
          <Entry
            key={action.keys}
            value={`action ${action.keys}`}
            keywords={[action.label ?? '']}
            icon={Zap}
            title={action.label ?? ''}
            end={<Shortcut keys={action.keys} />}
            onSelect={() => onAct(action)}
          />
        ))}
    </Command.Group>
  )
}
