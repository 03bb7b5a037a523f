import { type FocusEvent, type RefObject, useEffect, useRef } from 'react'
import type { Item } from './items.ts'

export function focusedEntry(): HTMLElement | null {
  return document.activeElement?.closest<HTMLElement>('[data-entry]') ?? null
}

export function entryElement(key: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-entry="${CSS.escape(key)}"]`)
}

/** Frames in which an entry that was scrolled to is drawn, also on a busy machine. */
const framesWaited = 60
let wanted = ''

/** Focuses an entry, and shows it, as soon as it is drawn. The latest wish counts. */
export function focusWhenDrawn(key: string, frames = framesWaited): void {
  wanted = key
  requestAnimationFrame(() => {
    if (wanted !== key) return
    const element = entryElement(key)
    if (element) {
      wanted = ''
      element.focus({ preventScroll: true })
      element.scrollIntoView({ block: 'nearest' })
    } else if (frames > 0) focusWhenDrawn(key, frames - 1)
  })
}

/** An entry that is drawn anew while it has the focus, as a request that was decided, gets it back: it never falls to the page. */
export function useKeptFocus(scroller: RefObject<HTMLElement | null>, items: readonly Item[]) {
  const last = useRef<string | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: entries are drawn anew with the items
  useEffect(() => {
    const lost = document.activeElement === document.body || document.activeElement === null
    if (!lost || last.current === null || !scroller.current) return
    entryElement(last.current)?.focus({ preventScroll: true })
  }, [items, scroller])
  return {
    onFocusCapture: ({ target }: FocusEvent) => {
      last.current = target.closest<HTMLElement>('[data-entry]')?.dataset.entry ?? null
    },
    onBlurCapture: ({ target }: FocusEvent) => {
      // Whoever leaves on purpose leaves an element that is still there.
      requestAnimationFrame(() => {
        if (target.isConnected && !target.contains(document.activeElement)) {
          if (focusedEntry()?.dataset.entry !== last.current) last.current = focusedEntry()?.dataset.entry ?? null
        }
      })
    }
  }
}
