import {
  defaultRangeExtractor,
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer
} from '@tanstack/react-virtual'
import { type RefObject, useLayoutEffect, useReducer, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { estimate, type Item } from './items.ts'

export type StreamScroller = RefObject<HTMLDivElement | null>
export type StreamView = Virtualizer<HTMLDivElement, Element>

/** Room for the button above the first entry. It is no entry: the reader's place is kept by entries. */
export const aboveHeight = 44
const paddingStart = 10
/** As in the style sheet. */
const paddingEnd = 14

interface Props {
  items: readonly Item[]
  scroller: StreamScroller
  following: boolean
  hasAbove: boolean
}

/** Which entries are drawn, and where. At the end those that fill the view; for a reader those around the place. */
export function useStreamView({ items, scroller, following, hasAbove }: Props): StreamView {
  const [, redraw] = useReducer((times: number) => times + 1, 0)
  const tail = useRef<Tail>({ items: [], indexes: [] })
  const options = {
    count: items.length,
    getScrollElement: () => scroller.current,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    estimateSize: (index: number) => estimate(items[index]),
    getItemKey: (index: number) => items[index]?.key ?? index,
    // The end is kept by the layout itself; a reader's place by the entries around it.
    anchorTo: following ? ('start' as const) : ('end' as const),
    measureElement: sizeOf,
    rangeExtractor: following
      ? () => {
          tail.current = tailOf(items, view, tail.current)
          return tail.current.indexes
        }
      : defaultRangeExtractor,
    overscan: 3,
    paddingStart: hasAbove ? aboveHeight : paddingStart,
    paddingEnd,
    initialOffset: () => Number.MAX_SAFE_INTEGER,
    onChange: (_: StreamView, scrolling: boolean) => {
      if (following && isFilled(items, view, tail.current)) return
      if (scrolling && !following) flushSync(redraw)
      else redraw()
    }
  }
  const [view] = useState<StreamView>(() => new Virtualizer(options))
  view.setOptions(options)
  useLayoutEffect(() => view._didMount(), [view])
  useLayoutEffect(() => {
    view._willUpdate()
  })
  return view
}

/** By the observer alone, once layout is done: to ask an entry for its height as it appears would force a layout for each. */
function sizeOf(element: Element, entry: ResizeObserverEntry | undefined, view: StreamView): number {
  const [box] = entry?.borderBoxSize ?? []
  if (box) return Math.round(box.blockSize)
  return heightAt(view, view.options.getItemKey(view.indexFromElement(element)), view.indexFromElement(element))
}

function heightAt(view: StreamView, key: string | number | bigint, index: number): number {
  return view.itemSizeCache.get(key) ?? view.options.estimateSize(index)
}

/** Drawn beyond the upper edge while the end is followed, in px. */
const reserve = 80

interface Tail {
  items: readonly Item[]
  indexes: number[]
}

/** The last entries, as many as fill the view: what was appended is drawn at once, not after scrolling to it. */
function tailOf(items: readonly Item[], view: StreamView, last: Tail): Tail {
  // What is drawn changes with the items, not with their measures, unless they turned out too low.
  if (last.items === items && fills(view, last)) return last
  const indexes: number[] = []
  let room = viewHeight(view) + reserve
  for (let index = items.length - 1; index >= 0 && room > 0; index--) {
    indexes.unshift(index)
    room -= heightAt(view, items[index]?.key ?? index, index)
  }
  return { items, indexes }
}

function fills(view: StreamView, { items, indexes }: Tail): boolean {
  const drawn = indexes.reduce((sum, index) => sum + heightAt(view, items[index]?.key ?? index, index), 0)
  return drawn >= viewHeight(view) || indexes[0] === 0
}

/**
 * The end stands in view, whatever was measured: where it lies below so much that only the thumb of the scroll bar would
 * move, the next drawing is early enough.
 */
function isFilled(items: readonly Item[], view: StreamView, tail: Tail): boolean {
  return tail.items === items && fills(view, tail) && view.getTotalSize() > 2 * viewHeight(view)
}

function viewHeight(view: StreamView): number {
  return view.scrollRect?.height ?? 0
}
