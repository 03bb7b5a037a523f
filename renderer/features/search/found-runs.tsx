import { ChevronDown } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { SearchHit } from '#contract/runs/search'
import { wordsOf } from '../../lib/call.ts'
import { age, count, date, timeOfDay, titleOf } from '../../lib/format.ts'
import { useMinute } from '../../lib/now.ts'
import type { SearchFilter } from '../../lib/query-keys.ts'
import { useAgents } from '../../parts/agents.ts'
import { runFolder } from '../../parts/run-folder.ts'
import { RunGlyph } from '../../parts/run-status.tsx'
import { Button } from '../../ui/button.tsx'
import { Said } from '../../ui/said.tsx'
import { Excerpt } from './excerpt.tsx'
import { hrefOfHit, idOfHit, lookOfHit } from './hit-words.ts'
import { type FoundRun, useHitsOfRun } from './queries.ts'
import styles from './search.module.css'

interface Props {
  runs: readonly FoundRun[]
  filter: SearchFilter
  chosen: SearchHit | null
  onChoose: (hit: SearchHit) => void
  /** Asks for older hits; null: there are none. */
  more: { pending: boolean; next: () => void } | null
  searchedBackTo: string | null
}

/** Hits by run, the newest first, some of each until more are asked for. */
export function FoundRuns({ runs, filter, chosen, onChoose, more, searchedBackTo }: Props) {
  return (
    <div className={styles.hits}>
      {runs.map(found => (
        <HitsOfRun key={`${found.run.id} ${filter.q}`} {...{ found, filter, chosen, onChoose }} />
      ))}
      {more && (
        <p className={styles.more}>
          {searchedBackTo !== null && <span>Looked back to {date(searchedBackTo)}. </span>}
          <Button small disabled={more.pending} onClick={more.next}>
            {searchedBackTo === null ? 'Show older hits' : 'Look further back'}
          </Button>
        </p>
      )}
    </div>
  )
}

interface RunProps extends Pick<Props, 'filter' | 'chosen' | 'onChoose'> {
  found: FoundRun
}

function HitsOfRun({ found, filter, chosen, onChoose }: RunProps) {
  const { run } = found
  const now = useMinute()
  const agent = useAgents().data?.find(({ id }) => id === run.agentId)
  const [opened, setOpened] = useState(false)
  const all = useHitsOfRun(filter, run.id, opened)
  const hits = all.data?.hits ?? found.hits
  const hidden = found.count === null ? 0 : found.count - hits.length
  return (
    <section className={styles.run} aria-label={titleOf(run)}>
      <h2 className={styles.runHead}>
        <RunGlyph run={run} />
        <Link href={`/runs/${run.id}`} className={styles.runTitle}>
          <Said>{titleOf(run)}</Said>
        </Link>
        <span className={styles.runFacts}>
          <Said>{[agent?.name, runFolder(run)].filter(Boolean).join(' · ')}</Said>
        </span>
        <span className={styles.runEnd}>
          {age(run.createdAt, now)}
          {found.count !== null && ` · ${found.count >= 100 ? '100+ hits' : count(found.count, 'hit')}`}
        </span>
      </h2>
      {hits.map(hit => (
        <Hit
          key={hit.seq}
          hit={hit}
          chosen={chosen?.runId === hit.runId && chosen.seq === hit.seq}
          onChoose={onChoose}
        />
      ))}
      {hidden > 0 && (
        <button type="button" className={styles.rest} disabled={opened} onClick={() => setOpened(true)}>
          <ChevronDown size={13} aria-hidden />
          {restWords(hidden, found.count, opened, all.error)}
        </button>
      )}
    </section>
  )
}

function restWords(hidden: number, sum: number | null, opened: boolean, error: Error | null): string {
  if (error) return wordsOf(error)
  if (!opened) return `${sum !== null && sum >= 100 ? `${hidden}+` : hidden} more in this run`
  return 'The rest stands in the run itself'
}

interface HitProps {
  hit: SearchHit
  chosen: boolean
  onChoose: (hit: SearchHit) => void
}

function Hit({ hit, chosen, onChoose }: HitProps) {
  const { icon: Icon, word } = lookOfHit(hit)
  const mono = hit.kind === 'tool_use' || hit.kind === 'tool_result'
  return (
    <Link
      id={idOfHit(hit)}
      href={hrefOfHit(hit)}
      className={styles.hit}
      data-chosen={chosen || undefined}
      onFocus={() => onChoose(hit)}
    >
      <span className={styles.time}>{timeOfDay(hit.ts)}</span>
      <Icon size={14} aria-hidden />
      <span className={styles.words}>
        <span className={styles.kind}>
          {word}
          {hit.about !== null && (
            <>
              {' · '}
              <Said className={styles.about}>{hit.about}</Said>
            </>
          )}
        </span>
        <Excerpt parts={hit.excerpt} mono={mono} />
      </span>
    </Link>
  )
}
