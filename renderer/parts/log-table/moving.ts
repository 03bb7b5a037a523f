import { useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { useRowKeys } from '../../lib/row-keys.ts'

interface Moving<Item> {
  one: string
  items: readonly Item[]
  idOf: (item: Item) => string
  hrefOf: (item: Item) => string
  chosen: string | null
  /** What the id of a row's link begins with. */
  id: string
  toIndex: (at: number) => void
  /** Ids of the rows that are drawn. */
  drawn: readonly string[]
}

/** Which row takes the tab key, and how keys go from row to row. */
export function useMoving<Item>({ one, items, idOf, hrefOf, chosen, id, toIndex, drawn }: Moving<Item>) {
  const [focused, setFocused] = useState<string | null>(chosen)
  const [, navigate] = useLocation()
  // What was open gives the focus back to its row.
  const before = useRef(chosen)
  useEffect(() => {
    if (chosen === null && before.current !== null) document.getElementById(id + before.current)?.focus()
    before.current = chosen
  }, [chosen, id])
  const open = (at: number) => {
    const item = items[at]
    if (item !== undefined) navigate(hrefOf(item))
  }
  const keys = useRowKeys({
    ...{ ids: items.map(idOf), drawn, focused, onFocus: setFocused, one, link: id, toIndex, open },
    page: 12
  })
  return { ...keys, onFocus: setFocused }
}
