import { ChevronDown, ListFilter, type LucideIcon, X } from 'lucide-react'
import { type ComponentProps, type ReactNode, useEffect, useRef, useState } from 'react'
import { isolated } from '../lib/visible.ts'
import { Button } from './button.tsx'
import styles from './filters.module.css'
import { FindField } from './find-field.tsx'
import { Menu, MenuItem } from './menu.tsx'
import { Said } from './said.tsx'

/** Classes for filters of other kinds in the same row. */
export { styles as filterStyles }

/** The second row of a list: what it shows. */
export function Filters({ children }: { children: ReactNode }) {
  return <div className={styles.filters}>{children}</div>
}

const typedMs = 200

interface TextProps
  extends Pick<ComponentProps<typeof FindField>, 'label' | 'placeholder' | 'keyLabel' | 'className' | 'maxLength'> {
  icon?: LucideIcon
  value: string
  onChange: (text: string) => void
  onEnter?: () => void
}

/** What is typed shows at once, and is looked for when the typing rests. */
export function FilterText({ icon = ListFilter, value, onChange, ...field }: TextProps) {
  const [text, setText] = useState(value)
  const last = useRef(onChange)
  last.current = onChange
  // Back and forward change the address; the field follows.
  useEffect(() => {
    setText(value)
  }, [value])
  useEffect(() => {
    if (text.trim() === value) return
    const timer = setTimeout(() => last.current(text.trim()), typedMs)
    return () => clearTimeout(timer)
  }, [text, value])
  return <FindField {...field} icon={icon} text={text} onText={setText} onEscape={() => setText('')} />
}

interface PickProps {
  title: string
  chosen: string
  options: readonly { id: string; title: string; note?: string }[]
  onPick: (id: string) => void
}

/** One of a few; chosen, it stands there with a way to leave it out. */
export function FilterPick({ title, chosen, options, onPick }: PickProps) {
  if (chosen !== '') {
    const name = options.find(one => one.id === chosen)?.title ?? chosen
    return (
      <button
        type="button"
        className={styles.chip}
        aria-label={`${title}: ${isolated(name)}. Leave it out`}
        title={isolated(chosen)}
        onClick={() => onPick('')}
      >
        <span className="truncate">
          {title}: <Said>{name}</Said>
        </span>
        <X size={13} aria-hidden />
      </button>
    )
  }
  if (options.length === 0) return null
  return (
    <Menu
      trigger={
        <Button small>
          <span className={styles.pick}>
            {title} <ChevronDown size={13} aria-hidden />
          </span>
        </Button>
      }
    >
      {options.map(one => (
        <MenuItem key={one.id} note={one.note && isolated(one.note)} onSelect={() => onPick(one.id)}>
          {isolated(one.title)}
        </MenuItem>
      ))}
    </Menu>
  )
}
