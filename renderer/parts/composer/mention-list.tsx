import { Bot, File, Folder, type LucideIcon, SquareSlash } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { Said } from '../../ui/said.tsx'
import styles from './mention-list.module.css'
import type { Suggestion } from './suggestions.ts'

interface Props {
  id: string
  optionId: (index: number) => string
  label: string
  list: readonly Suggestion[]
  note: string | null
  active: number
  below?: boolean | undefined
  onTake: (suggestion: Suggestion) => void
}

/** What the text can be completed with. The field keeps the focus and says which one is active. */
export function MentionList({ id, optionId, label, list, note, active, below, onTake }: Props) {
  const current = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another one is active
  useEffect(() => {
    current.current?.scrollIntoView({ block: 'nearest' })
  }, [active, list])
  const said = list.length === 0 ? note : `${list.length} ${list.length === 1 ? 'suggestion' : 'suggestions'}`
  return (
    <>
      <span className="hidden-label" role="status">
        {said}
      </span>
      {(list.length > 0 || note !== null) && (
        <div className={styles.popup} data-below={below || undefined}>
          {list.length > 0 && (
            <div id={id} role="listbox" aria-label={label} className={styles.list}>
              {list.map((one, index) => (
                <Option
                  key={`${one.kind} ${one.name}`}
                  id={optionId(index)}
                  ref={index === active ? current : undefined}
                  active={index === active}
                  suggestion={one}
                  onTake={onTake}
                />
              ))}
            </div>
          )}
          {note !== null && <p className={styles.note}>{note}</p>}
        </div>
      )}
    </>
  )
}

const icons: Record<Suggestion['kind'], LucideIcon> = { file: File, folder: Folder, agent: Bot, command: SquareSlash }

interface OptionProps {
  id: string
  ref: React.Ref<HTMLDivElement> | undefined
  active: boolean
  suggestion: Suggestion
  onTake: (suggestion: Suggestion) => void
}

function Option({ id, ref, active, suggestion, onTake }: OptionProps) {
  const Icon = icons[suggestion.kind]
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names it as active
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field hears the keys
    <div
      id={id}
      ref={ref}
      role="option"
      aria-selected={active}
      className={styles.option}
      // The focus stays in the field.
      onMouseDown={event => event.preventDefault()}
      onClick={() => onTake(suggestion)}
    >
      <Icon size={14} aria-hidden />
      <Said className={styles.name}>{suggestion.name}</Said>
      {suggestion.kind === 'agent' && <span className={styles.kind}>agent</span>}
    </div>
  )
}
