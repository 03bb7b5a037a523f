import { type RefObject, useEffect } from 'react'
import { pace, unpace } from '../../../lib/pace.ts'

/** More marks than this no reader looks at. */
const mostMarks = 2000

/** Marks the words wherever they stand in an element, over the text and without changing it. */
export function useHighlights(root: RefObject<HTMLElement | null>, words: string, current: string | null): void {
  useEffect(() => {
    const element = root.current
    const wanted = words.trim().toLowerCase()
    if (!element || wanted === '' || !('highlights' in CSS)) return
    const mark = () => {
      const ranges = rangesOf(element, wanted)
      const isCurrent = (range: Range) => entryOf(range)?.dataset.entry === current
      CSS.highlights.set('found', new Highlight(...ranges.filter(range => !isCurrent(range))))
      CSS.highlights.set('found-current', new Highlight(...ranges.filter(isCurrent)))
    }
    pace(mark)
    const observer = new MutationObserver(() => pace(mark))
    observer.observe(element, { childList: true, subtree: true, characterData: true })
    return () => {
      observer.disconnect()
      unpace(mark)
      CSS.highlights.delete('found')
      CSS.highlights.delete('found-current')
    }
  }, [root, words, current])
}

function entryOf(range: Range): HTMLElement | null {
  return range.startContainer.parentElement?.closest<HTMLElement>('[data-entry]') ?? null
}

function rangesOf(element: HTMLElement, wanted: string): Range[] {
  const ranges: Range[] = []
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node && ranges.length < mostMarks; node = walker.nextNode()) {
    const text = node.textContent?.toLowerCase() ?? ''
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
      const range = document.createRange()
      range.setStart(node, at)
      range.setEnd(node, at + wanted.length)
      ranges.push(range)
    }
  }
  return ranges
}
