import { isolated } from '../../../lib/visible.ts'
import styles from './fleet-grid.module.css'

interface Props {
  name: string
  selected: boolean
  onSelect: () => void
}

/** Lies over the avatar: seen where the pointer is, and everywhere while something is selected. */
export function SelectBox({ name, selected, onSelect }: Props) {
  return (
    <label className={styles.select} data-box>
      <input
        type="checkbox"
        tabIndex={-1}
        aria-label={`Select ${isolated(name)}`}
        checked={selected}
        onChange={onSelect}
      />
    </label>
  )
}
