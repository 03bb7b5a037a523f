import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react'

/** What had the focus in a region may go with what is drawn next: the region itself takes it then, never the page. */
export function useKeptFocus(region: RefObject<HTMLElement | null>): void {
  const had = useRef(false)
  useEffect(() => {
    const look = () => {
      had.current = region.current?.contains(document.activeElement) ?? false
    }
    document.addEventListener('focusin', look)
    // A press elsewhere lets go of it by choice.
    const press = (event: PointerEvent) => {
      had.current = event.target instanceof Node && (region.current?.contains(event.target) ?? false)
    }
    document.addEventListener('pointerdown', press)
    return () => {
      document.removeEventListener('focusin', look)
      document.removeEventListener('pointerdown', press)
    }
  }, [region])
  useLayoutEffect(() => {
    if (had.current && document.activeElement === document.body) region.current?.focus()
  })
}
