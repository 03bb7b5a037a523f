import { Link } from 'wouter'
import { FilterPick, Filters, FilterText, filterStyles as styles } from '../../../ui/filters.tsx'
import { type FleetFilters, stateFilters } from './fleet-filters.ts'

const words = { status: 'Grouped by status', team: 'Grouped by team' } as const

/** Text and status at the left, how it is grouped at the right. */
export function FleetFilterRow({ filters, onEnter }: { filters: FleetFilters; onEnter: () => void }) {
  const { state, search, group, set, addressWith } = filters
  const other = group === 'status' ? 'team' : 'status'
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
    </Filters>
  )
}
