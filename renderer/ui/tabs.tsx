import { type KeyboardEvent, useEffect, useId, useRef } from 'react'
import styles from './tabs.module.css'

export interface Tab<Id extends string> {
  id: Id
  title: string
}

interface Props<Id extends string> {
  label: string
  tabs: readonly Tab<Id>[]
  chosen: Id
  onChoose: (id: Id) => void
  /** Id of the element that shows what is chosen. */
  panel: string
}

/** One stop of the tab key; arrows choose. */
export function Tabs<Id extends string>({ label, tabs, chosen, onChoose, panel }: Props<Id>) {
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  // Where they have no room beside each other, what is chosen is in view.
  useEffect(() => {
    const tab = document.getElementById(`${id}${chosen}`)
    if (tab && list.current) list.current.scrollLeft = tab.offsetLeft - (list.current.clientWidth - tab.offsetWidth) / 2
  }, [id, chosen])
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    const next = tabs.at((tabs.findIndex(tab => tab.id === chosen) + by) % tabs.length)
    if (!next) return
    onChoose(next.id)
    document.getElementById(`${id}${next.id}`)?.focus()
  }
  return (
    <div ref={list} className={styles.tabs} role="tablist" aria-label={label} onKeyDown={onKeyDown}>
      {tabs.map(tab => (
        <button
          key={tab.id}
          id={`${id}${tab.id}`}
          type="button"
          role="tab"
          className={styles.tab}
          aria-selected={tab.id === chosen}
          aria-controls={panel}
          tabIndex={tab.id === chosen ? 0 : -1}
          onClick={() => onChoose(tab.id)}
        >
          {tab.title}
        </button>
      ))}
    </div>
  )
}
