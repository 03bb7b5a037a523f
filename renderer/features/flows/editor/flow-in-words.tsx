import type { Flow } from '#contract/work/flows'
import { count, money, until } from '../../../lib/format.ts'
import { useMinute } from '../../../lib/now.ts'
import { useAgents } from '../../../parts/agents.ts'
import { successOf } from '../../../parts/flows/flow-words.ts'
import { useTicks } from '../../../parts/flows/flows.ts'
import { nextRunner, useRunners } from '../../../parts/runners.ts'
import { runtimeState } from '../../../parts/runtime-words.ts'
import { InWordsAside, WordsFact, WordsPart } from '../../../ui/forms/in-words.tsx'
import { Said } from '../../../ui/said.tsx'
import type { FlowDraft, TriggerDraft } from './flow-draft.ts'
import styles from './flow-editor.module.css'
import { localWords, offsetWords, useSchedules } from './schedule.ts'

const shown = 5

interface Props {
  draft: FlowDraft
  /** As it is saved; null: it is new. */
  flow: Flow | null
}

/** What the form amounts to: when it starts next, and what stands against it. */
export function FlowInWords({ draft, flow }: Props) {
  const schedules = draft.triggers.filter(trigger => trigger.type === 'schedule')
  const previews = useSchedules(schedules)
  const known = previews.flatMap(({ data, error }) => (data && !error ? [data] : []))
  const agent = useAgents().data?.find(({ id }) => id === draft.agentId)
  const words = [...known.map(one => `${one.words} (${one.timezone})`), ...otherStarts(draft.triggers)]
  const next = known
    .flatMap(preview => preview.next)
    .sort((a, b) => a.at.localeCompare(b.at))
    .slice(0, shown)
  return (
    <InWordsAside
      sentence={
        <>
          {words.length === 0 ? 'By hand only' : words.join('; ')},{' '}
          {agent ? <Said>{agent.name}</Said> : 'an agent to be chosen'}{' '}
          {draft.mode === 'auto' ? 'starts by itself.' : 'starts when you allow it.'}
        </>
      }
    >
      {schedules.length > 0 && (
        <section className={styles.next}>
          <h3>Next five runs</h3>
          {next.length === 0 ? <p>Not known while the schedule is not right.</p> : <NextRuns next={next} />}
        </section>
      )}
      <Before draft={draft} flow={flow} />
    </InWordsAside>
  )
}

function otherStarts(triggers: readonly TriggerDraft[]): string[] {
  const kinds = new Set(triggers.map(({ type }) => type))
  return [
    kinds.has('webhook') ? 'when its webhook is called' : null,
    kinds.has('flow') ? 'after another flow' : null,
    kinds.has('change') ? 'when something changes' : null
  ].filter(word => word !== null)
}

function NextRuns({ next }: { next: readonly { at: string; local: string; shift: boolean }[] }) {
  const now = useMinute()
  return (
    <ol aria-label="Next five runs">
      {next.map(({ at, local, shift }) => (
        <li key={at}>
          <time dateTime={at}>{localWords(local)}</time>
          <span>{until(at, now)}</span>
          {shift && <span className={styles.shift}>Clocks are changed before it: {offsetWords(local)} from here.</span>}
        </li>
      ))}
    </ol>
  )
}

/** None of these keeps it from being saved. */
function Before({ draft, flow }: Props) {
  const agent = useAgents().data?.find(({ id }) => id === draft.agentId)
  const runner = nextRunner(useRunners().data?.data)
  const runtimes = runner?.runtimes.filter(({ id, kind, state }) =>
    agent?.runtime ? id === agent.runtime : kind === 'agent' && state === 'ready'
  )
  const [runtime] = runtimes ?? []
  return (
    <WordsPart title="Before it can run">
      {flow?.standing.problems.map(({ code, message }) => (
        <WordsFact key={code + message} tone="failed">
          <Said>{message}</Said>
          <small>As it is saved.</small>
        </WordsFact>
      ))}
      <WordsFact tone={agent === undefined ? 'queued' : agent.status === 'paused' ? 'failed' : 'done'}>
        {agent === undefined ? (
          'No agent is chosen'
        ) : (
          <>
            <Said>{agent.name}</Said> {agent.status === 'paused' ? 'is paused, and starts nothing' : 'takes work'}
          </>
        )}
      </WordsFact>
      <WordsFact tone={runner?.status === 'online' ? 'done' : 'queued'}>
        {runner?.status === 'online' ? 'A runner is online' : 'No runner is online: its runs would wait'}
      </WordsFact>
      {agent && (
        <WordsFact tone={runtime ? runtimeState(runtime).tone : 'failed'}>
          {runtime ? `${runtime.title}: ${runtimeState(runtime).words}` : 'No runtime is ready'}
        </WordsFact>
      )}
      {draft.triggers.some(({ type, id }) => type === 'webhook' && id === null) && (
        <WordsFact tone="queued">Its webhook takes messages once you have made its secret</WordsFact>
      )}
      {flow && <Costs flow={flow} />}
    </WordsPart>
  )
}

/** By what its runs cost so far. */
function Costs({ flow }: { flow: Flow }) {
  const { ran, medianUsd } = successOf(useTicks(flow.id).ticks ?? [])
  if (ran === 0 || medianUsd === null) return null
  return (
    <WordsFact tone="done">
      About {money(medianUsd)} a run
      <small>In the middle of its last {count(ran, 'run')}.</small>
    </WordsFact>
  )
}
