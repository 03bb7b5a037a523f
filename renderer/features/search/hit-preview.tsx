import { Link2 } from 'lucide-react'
import { Link } from 'wouter'
import type { RunEvent, ToolUseData } from '#contract/runs/events'
import type { Run } from '#contract/runs/runs'
import { type SearchedKind, type SearchHit, searchedKinds } from '#contract/runs/search'
import { copy } from '../../lib/clipboard.ts'
import { timeOfDay, titleOf } from '../../lib/format.ts'
import { useAgents } from '../../parts/agents.ts'
import { RunStatusText } from '../../parts/run-status.tsx'
import { Button, Content, classOf } from '../../ui/button.tsx'
import { SkeletonRows } from '../../ui/notice.tsx'
import { Said } from '../../ui/said.tsx'
import { toast } from '../../ui/toast.tsx'
import { Excerpt } from './excerpt.tsx'
import { hrefOfHit, lookOfHit } from './hit-words.ts'
import { useNeighbours } from './queries.ts'
import styles from './search.module.css'
import type { SearchAddress } from './search-address.ts'

interface Props {
  hit: SearchHit
  run: Run | undefined
  address: SearchAddress
}

/** A hit among what was said before and after it. */
export function HitPreview({ hit, run, address }: Props) {
  const { data } = useNeighbours(hit)
  const agent = useAgents().data?.find(({ id }) => id === run?.agentId)
  const href = hrefOfHit(hit)
  return (
    <aside className={styles.preview} aria-label="The hit in its run">
      {run && (
        <header className={styles.previewHead}>
          <h2>
            <Said>{titleOf(run)}</Said>
          </h2>
          <p>
            <RunStatusText run={run} />
            <span className={styles.quiet}>
              {agent && (
                <>
                  · <Said>{agent.name}</Said>
                </>
              )}{' '}
              · #{run.number}
            </span>
          </p>
        </header>
      )}
      <div className={styles.neighbours}>
        {!data && <SkeletonRows height={44} rows={4} />}
        {data?.data.map(event => (
          <Neighbour key={event.seq} event={event} hit={event.seq === hit.seq ? hit : null} />
        ))}
      </div>
      <footer className={styles.previewFoot}>
        <Link href={href} className={classOf('primary')}>
          <Content hotkey="Enter">Open at this event</Content>
        </Link>
        <Button
          icon={Link2}
          onClick={() => void copy(location.origin + href).then(done => done && toast('The link is copied'))}
        >
          Copy link
        </Button>
        {agent && address.agent === '' && (
          <Button look="ghost" onClick={() => address.go({ agent: agent.id })}>
            Only this agent
          </Button>
        )}
      </footer>
    </aside>
  )
}

function Neighbour({ event, hit }: { event: RunEvent; hit: SearchHit | null }) {
  const kind = searchedKinds.find(one => one === event.kind)
  if (kind === undefined) return null
  const { icon: Icon, word } = lookOfHit(hit ?? { kind, about: null })
  const mono = kind === 'tool_use' || kind === 'tool_result'
  return (
    <article className={styles.neighbour} data-hit={hit !== null || undefined}>
      <p className={styles.neighbourHead}>
        <Icon size={14} aria-hidden />
        <span className={styles.time}>{timeOfDay(event.ts)}</span>
        {word}
      </p>
      {hit ? (
        <Excerpt parts={hit.excerpt} mono={mono} />
      ) : (
        <Said className={mono ? `${styles.said} ${styles.mono}` : styles.said}>{wordsOfEvent(event, kind)}</Said>
      )}
    </article>
  )
}

const shownLength = 400

function wordsOfEvent({ message, data }: RunEvent, kind: SearchedKind): string {
  const { tool, argument } = data as Partial<ToolUseData>
  const text =
    kind === 'tool_use'
      ? [tool, argument].filter(Boolean).join(' ')
      : message || (typeof data.text === 'string' ? data.text : '')
  return text.length > shownLength ? `${text.slice(0, shownLength)}…` : text
}
