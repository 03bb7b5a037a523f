import { ChevronDown } from 'lucide-react'
import { Button } from './button.tsx'
import { Menu, MenuItem } from './menu.tsx'
import styles from './pick.module.css'

interface Props {
  title: string
  /** Id of what is chosen; empty: none. */
  chosen: string
  options: readonly { id: string; title: string }[]
  align?: 'start' | 'end'
  onPick: (id: string) => void
}

/** A filter that takes one of several. */
export function Pick({ title, chosen, options, align = 'end', onPick }: Props) {
  const name = options.find(one => one.id === chosen)?.title
  return (
    <Menu
      align={align}
      trigger={
        <Button aria-label={chosen === '' ? title : `${title}: ${name ?? 'one'}`}>
          <span className={styles.pick}>
            <span>{chosen === '' ? title : (name ?? title)}</span> <ChevronDown size={13} aria-hidden />
          </span>
        </Button>
      }
    >
      <MenuItem checked={chosen === ''} onSelect={() => onPick('')}>
        Any
      </MenuItem>
      {options.map(one => (
        <MenuItem key={one.id} checked={one.id === chosen} onSelect={() => onPick(one.id)}>
          {one.title}
        </MenuItem>
      ))}
    </Menu>
  )
}
