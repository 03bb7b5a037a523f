import { useSyncExternalStore } from 'react'

/** Below this a page has one column and is used with a thumb, or is magnified. As in the style sheets. */
const narrow = window.matchMedia('(max-width: 1023px)')

/** Whether the window is that narrow now. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    listener => {
      narrow.addEventListener('change', listener)
      return () => narrow.removeEventListener('change', listener)
    },
    () => narrow.matches
  )
}
