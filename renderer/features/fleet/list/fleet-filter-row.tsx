import { LayoutGrid, List } from 'lucide-react'
import { FilterPick, Filters, FilterText, filterStyles as styles } from '../../../ui/filters.tsx'
import { Menu, MenuItem } from '../../../ui/menu.tsx'
import { Views } from '../../../ui/views.tsx'
import { type FleetFilters, stateFilters } from './fleet-filters.ts'
import { type Grouping, groupings } from './fleet-lines.ts'

const groups: Record<Grouping, string> = { status: 'Status', team: 'Team', epic: 'Epic', place: 'Place' }

/** Text and status at the left, how it is grouped at the right. */
export function FleetFilterRow({ filters, onEnter }: { filters: FleetFilters; onEnter: () => void }) {
  const { state, search, group, grid, set, addressWith } = filters
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
      <span className={styles.last}>
        <Menu
          align="end"
          trigger={
            <button type="button" className={styles.filter}>
              Grouped by {groups[group].toLowerCase()}
            </button>
          }
        >
          {groupings.map(by => (
            <MenuItem key={by} checked={by === group} onSelect={() => set('group', by === 'status' ? '' : by)}>
              {groups[by]}
            </MenuItem>
          ))}
        </Menu>
      </span>
      <Views
        views={[
          { title: 'List', icon: List, href: addressWith('view', ''), on: !grid },
          { title: 'Grid', icon: LayoutGrid, href: addressWith('view', 'grid'), on: grid }
        ]}
      />
    </Filters>
  )
}
