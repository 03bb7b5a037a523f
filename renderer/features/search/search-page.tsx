import { Search } from 'lucide-react'
import { useEffect, useState } from 'react'
import { AppError } from '#contract/errors'
import type { SearchHit } from '#contract/runs/search'
import { wordsOf } from '../../lib/call.ts'
import { count } from '../../lib/format.ts'
import { useHotkeys } from '../../lib/hotkeys.ts'
import { useAgents } from '../../parts/agents.ts'
import { Button } from '../../ui/button.tsx'
import { FilterPick, Filters, FilterText } from '../../ui/filters.tsx'
import { Empty, Problem, SkeletonRows } from '../../ui/notice.tsx'
import { Bar, Title } from '../../ui/page.tsx'
import { Said } from '../../ui/said.tsx'
import { FoundRuns } from './found-runs.tsx'
import { HitPreview } from './hit-preview.tsx'
import { idOfHit } from './hit-words.ts'
import { HowToAsk } from './how-to-ask.tsx'
import { IndexState } from './index-state.tsx'
import { useHits } from './queries.ts'
import styles from './search.module.css'
import { kindGroups, ranges, type SearchAddress, useSearchAddress } from './search-address.ts'

/** Every word of every run: what was asked, said, done and answered. */
export function SearchPage() {
  const address = useSearchAddress()
  const found = useHits(address.filter)
  const { runs, error, index } = found
  const asked = address.q.trim() !== ''
  const refused = error instanceof AppError && error.status === 400
  useEffect(() => {
    document.title = 'Search · Flotilla'
  }, [])
  return (
    <>
      <Bar>
        <Title>Search</Title>
        <span className={styles.quiet} role="status">
          {asked && !error && found.data ? sumOf(found) : ''}
        </span>
      </Bar>
      <SearchFilters address={address} fault={refused ? wordsOf(error) : null} />
      {index && <IndexState index={index} />}
      {!asked && <HowToAsk />}
      {asked && error && !refused && (
        <Problem
          title="Runs could not be searched"
          action={
            <Button small onClick={() => void found.refetch()}>
              Try again
            </Button>
          }
        >
          {wordsOf(error)}
        </Problem>
      )}
      {asked && !error && !found.data && <SkeletonRows height={56} />}
      {asked && !error && found.data && runs.length === 0 && !found.hasNextPage && <Nothing address={address} />}
      {asked && !error && found.data && (runs.length > 0 || found.hasNextPage) && (
        <Found key={JSON.stringify(address.filter)} address={address} found={found} />
      )}
    </>
  )
}

type Hits = ReturnType<typeof useHits>

function sumOf({ runs, hasNextPage }: Hits): string {
  if (runs.length === 0) return hasNextPage ? '' : 'no hits'
  const hits = runs.reduce((sum, run) => sum + (run.count ?? run.hits.length), 0)
  const more = hasNextPage || runs.some(run => run.count === null || run.count >= 100)
  return `${hits.toLocaleString('en-US')}${more ? '+' : ''} ${hits === 1 ? 'hit' : 'hits'} in ${count(runs.length, 'run')}${
    hasNextPage ? ' so far' : ''
  }`
}

function SearchFilters({ address, fault }: { address: SearchAddress; fault: string | null }) {
  const agents = useAgents().data ?? []
  return (
    <div className={styles.asking}>
      <FilterText
        icon={Search}
        className={styles.query}
        label="Search what was said in all runs"
        placeholder={'"these words" in this order, either OR or, -not this'}
        keyLabel="Search all runs"
        maxLength={2000}
        value={address.q}
        onChange={q => address.go({ q }, true)}
        onEnter={() => document.querySelector<HTMLElement>('[id^="hit-"]')?.focus()}
      />
      {fault !== null && (
        <p className={styles.fault} role="alert">
          {fault}
        </p>
      )}
      <Filters>
        <FilterPick
          title="Agent"
          chosen={address.agent}
          options={agents.map(({ id, name }) => ({ id, title: name }))}
          onPick={agent => address.go({ agent })}
        />
        <FilterPick title="Kind" chosen={address.kind} options={kindGroups} onPick={kind => address.go({ kind })} />
        <FilterPick title="Date" chosen={address.when} options={ranges} onPick={when => address.go({ when })} />
        {address.filtered && (
          <Button small look="ghost" onClick={address.clear}>
            Clear filters
          </Button>
        )}
      </Filters>
    </div>
  )
}

function Nothing({ address }: { address: SearchAddress }) {
  return (
    <div className={styles.nothing}>
      <Empty
        icon={Search}
        title={address.filtered ? 'No run says this with these filters' : 'No run says this'}
        action={address.filtered && <Button onClick={address.clear}>Clear filters</Button>}
      >
        <Said>{address.q}</Said> was not found in any run that you may see. Events that were let go are not found.
      </Empty>
      <HowToAsk />
    </div>
  )
}

/** The hits, and the one that is chosen among its neighbours. */
function Found({ address, found }: { address: SearchAddress; found: Hits }) {
  const [chosen, setChosen] = useState<SearchHit | null>(null)
  const hits = found.runs.flatMap(run => run.hits)
  const at = hits.findIndex(hit => hit.runId === chosen?.runId && hit.seq === chosen.seq)
  const shown = chosen ?? hits[0] ?? null
  const choose = (hit: SearchHit | undefined) => {
    if (!hit) return
    setChosen(hit)
    document.getElementById(idOfHit(hit))?.focus()
  }
  const stepRun = (by: 1 | -1) => {
    const index = found.runs.findIndex(({ run }) => run.id === shown?.runId)
    choose(found.runs[index + by]?.hits[0])
  }
  useHotkeys([
    { keys: 'ArrowDown', label: 'Next hit', inFields: true, repeats: true, run: () => choose(hits[at + 1]) },
    {
      keys: 'ArrowUp',
      label: 'Previous hit',
      inFields: true,
      repeats: true,
      run: () => choose(hits[Math.max(0, at - 1)])
    },
    { keys: ']', label: 'Next run', run: () => stepRun(1) },
    { keys: '[', label: 'Previous run', run: () => stepRun(-1) }
  ])
  return (
    <div className={styles.both}>
      <FoundRuns
        runs={found.runs}
        filter={address.filter}
        chosen={shown}
        onChoose={setChosen}
        more={found.hasNextPage ? { pending: found.isFetchingNextPage, next: () => void found.fetchNextPage() } : null}
        searchedBackTo={found.searchedBackTo}
      />
      {shown && (
        <HitPreview hit={shown} run={found.runs.find(({ run }) => run.id === shown.runId)?.run} address={address} />
      )}
    </div>
  )
}
