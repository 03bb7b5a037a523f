import { Link } from 'wouter'
import type { RunStatus } from '#contract/runs/runs'
import { folderName } from '../../../lib/format.ts'
import { tagsOf, useAgents } from '../../../parts/agents.ts'
import { recentFolders } from '../../../parts/launch.ts'
import { statusFilters } from '../../../parts/run-status-filters.ts'
import { nextRunner, placeWords, useRunners } from '../../../parts/runners.ts'
import { useSystem } from '../../../parts/system.ts'
import { FilterPick, Filters, FilterText, filterStyles as styles } from '../../../ui/filters.tsx'
import type { RunFilters } from './run-filters.ts'

interface Props {
  filters: RunFilters
  /** Folders of the runs that are there. */
  folders: readonly string[]
  /** Enter in the field. */
  onEnter: () => void
}

/** Text, status, runtime, folder, place and tag; each that is on stands there with a way to leave it out. */
export function FilterRow({ filters, folders, onEnter }: Props) {
  const runners = useRunners().data?.data ?? []
  const reports = nextRunner(runners)?.runtimes ?? []
  const tags = tagsOf(useAgents().data ?? [])
  const offered = [...new Set([...folders, ...recentFolders()])].slice(0, 20)
  return (
    <Filters>
      <FilterText
        label="Filter runs by words of the prompt, or # and a number"
        placeholder="Filter runs, or #4821"
        keyLabel="Filter runs"
        value={filters.search}
        onChange={text => filters.set('search', text)}
        onEnter={onEnter}
      />
      <Statuses filters={filters} />
      <FilterPick
        title="Runtime"
        chosen={filters.runtime}
        options={reports.map(({ id, title }) => ({ id, title }))}
        onPick={id => filters.set('runtime', id)}
      />
      <FilterPick
        title="Folder"
        chosen={filters.folder}
        options={offered.map(folder => ({ id: folder, title: folderName(folder), note: folder }))}
        onPick={folder => filters.set('folder', folder)}
      />
      {(runners.length > 1 || filters.place !== '') && (
        <FilterPick
          title="Place"
          chosen={filters.place}
          options={runners.map(runner => ({ id: runner.id, title: placeWords(runner) }))}
          onPick={id => filters.set('place', id)}
        />
      )}
      <FilterPick
        title="Tag"
        chosen={filters.tag}
        options={tags.map(tag => ({ id: tag, title: tag }))}
        onPick={tag => filters.set('tag', tag)}
      />
    </Filters>
  )
}

function Statuses({ filters }: Pick<Props, 'filters'>) {
  const counts = useSystem().data?.runs
  const countOf = (statuses: readonly RunStatus[]) => statuses.reduce((sum, one) => sum + (counts?.[one] ?? 0), 0)
  return (
    <nav className={styles.statuses} aria-label="Filter runs by status">
      <Link
        href={filters.withStatus(undefined)}
        className={styles.filter}
        aria-current={filters.status ? undefined : 'true'}
      >
        All
      </Link>
      {statusFilters.map(({ id, title, statuses }) => {
        const count = counts && countOf(statuses)
        return (
          <Link
            key={id}
            href={filters.withStatus(id)}
            className={styles.filter}
            aria-current={filters.status?.id === id ? 'true' : undefined}
          >
            {title}
            {count !== undefined && (
              <span className={styles.count} data-urgent={(id === 'waiting' && count > 0) || undefined}>
                {count.toLocaleString('en-US')}
              </span>
            )}
          </Link>
        )
      })}
    </nav>
  )
}
