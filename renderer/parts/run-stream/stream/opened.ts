import { useCallback } from 'react'
import { create } from 'zustand'

/** What the reader opened or closed by hand, by the key of the entry. It outlives scrolling, not the page. */
const useOpenedStore = create<{ opened: Record<string, boolean> }>(() => ({ opened: {} }))

/** Whether an entry is open, and how to turn it. `byItself` is how it stands until the reader decides. */
export function useOpened(key: string, byItself: boolean): [boolean, () => void] {
  const open = useOpenedStore(state => state.opened[key]) ?? byItself
  return [open, () => useOpenedStore.setState(({ opened }) => ({ opened: { ...opened, [key]: !open } }))]
}

export function useOpenedKeys(): (key: string) => boolean {
  const opened = useOpenedStore(state => state.opened)
  return useCallback((key: string) => opened[key] ?? false, [opened])
}

export function openEntry(key: string): void {
  useOpenedStore.setState(({ opened }) => ({ opened: { ...opened, [key]: true } }))
}

export function forgetOpened(): void {
  useOpenedStore.setState({ opened: {} })
}
