import type { Agent } from '#contract/fleet/agents'
import type { Flow } from '#contract/work/flows'
import { exactTime, until, upcoming } from '../../lib/format.ts'
import { useMinute } from '../../lib/now.ts'
import { OutcomeStrip } from '../../parts/flows/flow-outcomes.tsx'
import { lookOfFlow, modeWords, startWords } from '../../parts/flows/flow-words.ts'
import type { LogColumn } from '../../parts/log-table/log-row.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { Said } from '../../ui/said.tsx'
import styles from './flows.module.css'

interface Facts {
  agents: ReadonlyMap<string, Agent>
  /** Ids of flows of which a run waits for a person. */
  asking: ReadonlySet<string>
}

export function flowColumns({ agents, asking }: Facts): readonly LogColumn<Flow>[] {
  return [
    {
      title: 'State',
      cell: flow => {
        const { tone, word } = lookOfFlow(flow, asking.has(flow.id))
        return <Glyph tone={tone} label={word} />
      }
    },
    {
      title: 'Flow',
      opens: true,
      cell: flow => (
        <span className={styles.two}>
          <b className="truncate">
            {flow.icon !== null && <span aria-hidden>{flow.icon} </span>}
            <Said>{flow.title}</Said>
          </b>
          <Note flow={flow} agent={agents.get(flow.agentId)} asks={asking.has(flow.id)} />
        </span>
      )
    },
    {
      title: 'Schedule',
      cell: flow => (
        <span className={styles.two}>
          <span className={`truncate ${styles.main}`} title={startWords(flow)}>
            {startWords(flow)}
          </span>
          <span className="truncate">{modeWords[flow.mode]}</span>
        </span>
      )
    },
    { title: 'Next run', cell: flow => <Next flow={flow} /> },
    { title: 'Last 20', cell: flow => <OutcomeStrip recent={flow.recent} running={flow.isRunning} /> }
  ]
}

/** Whose work it is, and what is to be known of it now. */
function Note({ flow, agent, asks }: { flow: Flow; agent: Agent | undefined; asks: boolean }) {
  const { tone, word } = lookOfFlow(flow, asks)
  const problem = tone === 'failed' ? flow.standing.problems[0]?.message : undefined
  return (
    <span className="truncate" data-failed={tone === 'failed' || undefined}>
      {agent ? <Said>{agent.name}</Said> : 'No agent'}
      {tone !== 'idle' && ` · ${word}`}
      {problem !== undefined && (
        <>
          : <Said>{problem}</Said>
        </>
      )}
    </span>
  )
}

function Next({ flow: { nextRunAt, status } }: { flow: Flow }) {
  const now = useMinute()
  if (nextRunAt === null)
    return (
      <span className={styles.two}>
        <span className={styles.main}>–</span>
        <span>{status === 'active' ? 'By no time' : ''}</span>
      </span>
    )
  return (
    <time className={styles.two} dateTime={nextRunAt} title={exactTime(nextRunAt)}>
      <span className={styles.main}>{upcoming(nextRunAt, now)}</span>
      <span>{until(nextRunAt, now)}</span>
    </time>
  )
}
