import { count } from '../../../lib/format.ts'
import { statusFilters } from '../../../parts/run-status-filters.ts'
import { FilterPick, Filters, FilterText } from '../../../ui/filters.tsx'
import { Views } from '../../../ui/views.tsx'
import type { SessionAddress } from './session-address.ts'
import styles from './sessions.module.css'

interface Props {
  address: SessionAddress
  total: number
  /** Of those that are read. */
  chains: number
  all: number
}

/** Text and status; how many there are; by session or each for itself. */
export function SessionFilters({ address, total, chains, all }: Props) {
  const { apart, search, status, set, addressWith } = address
  const words = all < total || apart ? count(total, 'run') : `${count(total, 'run')} in ${count(chains, 'session')}`
  return (
    <Filters>
      <FilterText
        label="Filter its runs by words of the prompt, or # and a number"
        placeholder="Filter prompts"
        keyLabel="Filter its runs"
        value={search}
        onChange={text => set('search', text)}
      />
      <FilterPick
        title="Status"
        chosen={status}
        options={statusFilters.map(({ id, title }) => ({ id, title }))}
        onPick={id => set('status', id)}
      />
      <span className={styles.total} role="status">
        {words}
      </span>
      <Views
        views={[
          { title: 'Sessions', href: addressWith('view', ''), on: !apart },
          { title: 'All runs', href: addressWith('view', 'runs'), on: apart }
        ]}
      />
    </Filters>
  )
}
