import { LayoutGrid, List } from 'lucide-react'
import { Link } from 'wouter'
import { FilterPick, Filters, FilterText, filterStyles as styles } from '../../../ui/filters.tsx'
import { type FleetFilters, stateFilters } from './fleet-filters.ts'
import table from './fleet-grid.module.css'

const words = { status: 'Grouped by status', team: 'Grouped by team', place: 'Grouped by place' } as const
const next = { status: 'team', team: 'place', place: 'status' } as const

/** Text and status at the left, how it is grouped at the right. */
export function FleetFilterRow({ filters, onEnter }: { filters: FleetFilters; onEnter: () => void }) {
  const { state, search, group, grid, set, addressWith } = filters
  const other = next[group]
  return (
    <Filters>
      <FilterText
        label="Filter agents by name, description, team or tag"
        placeholder="Filter agents"
        keyLabel="Filter agents"
        value={search}
        onChange={text => set('search', text)}
        onEnter={onEnter}
      />
      <FilterPick
        title="Status"
        chosen={state?.id ?? ''}
        options={stateFilters.map(({ id, title }) => ({ id, title }))}
        onPick={id => set('status', id)}
      />
      <Link
        href={addressWith('group', other === 'status' ? '' : other)}
        className={`${styles.filter} ${styles.last}`}
        aria-label={`${words[group]}. Group by ${other}`}
      >
        {words[group]}
      </Link>
      <nav className={table.views} aria-label="View">
        <Link href={addressWith('view', '')} aria-current={grid ? undefined : 'true'}>
          <List size={14} aria-hidden /> List
        </Link>
        <Link href={addressWith('view', 'grid')} aria-current={grid ? 'true' : undefined}>
          <LayoutGrid size={14} aria-hidden /> Grid
        </Link>
      </nav>
    </Filters>
  )
}
