import { LayoutGrid, List } from 'lucide-react'
import { tagsOf } from '../../../parts/agents.ts'
import { useSystem } from '../../../parts/system.ts'
import { FilterPick, Filters, FilterText, filterStyles as styles } from '../../../ui/filters.tsx'
import { Menu, MenuItem } from '../../../ui/menu.tsx'
import { Views } from '../../../ui/views.tsx'
import { type FleetFilters, stateFilters } from './fleet-filters.ts'
import { type Grouping, groupings, type Member, runtimeOf } from './fleet-lines.ts'

const groups: Record<Grouping, string> = { status: 'Status', team: 'Team', epic: 'Epic', place: 'Place' }

interface Props {
  filters: FleetFilters
  /** All of them: what they have can be asked for. */
  members: readonly Member[]
  placeOf: (member: Member) => string
  onEnter: () => void
}

/** What is shown at the left, how it is grouped at the right. */
export function FleetFilterRow({ filters, members, placeOf, onEnter }: Props) {
  const { state, wanted, group, grid, set, addressWith } = filters
  const titles = useSystem().data?.runtimes
  const runtimes = distinct(members.flatMap(member => runtimeOf(member) ?? []))
  const places = distinct(members.map(placeOf))
  return (
    <Filters>
      <FilterText
        label="Filter agents by name, description, team or tag"
        placeholder="Filter agents"
        keyLabel="Filter agents"
        value={wanted.search}
        onChange={text => set('search', text)}
        onEnter={onEnter}
      />
      <FilterPick
        title="Status"
        chosen={state?.id ?? ''}
        options={stateFilters.map(({ id, title }) => ({ id, title }))}
        onPick={id => set('status', id)}
      />
      <FilterPick
        title="Runtime"
        chosen={wanted.runtime}
        options={runtimes.map(id => ({ id, title: titles?.find(one => one.id === id)?.title ?? id }))}
        onPick={id => set('runtime', id)}
      />
      {(places.length > 1 || wanted.place !== '') && (
        <FilterPick
          title="Place"
          chosen={wanted.place}
          options={places.map(place => ({ id: place, title: place }))}
          onPick={place => set('place', place)}
        />
      )}
      <FilterPick
        title="Tag"
        chosen={wanted.tag}
        options={tagsOf(members.map(({ agent }) => agent)).map(tag => ({ id: tag, title: tag }))}
        onPick={tag => set('tag', tag)}
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

function distinct(words: readonly string[]): string[] {
  return [...new Set(words)].sort((a, b) => a.localeCompare(b))
}
