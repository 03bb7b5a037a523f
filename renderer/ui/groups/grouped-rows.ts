import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useEffect, useMemo, useRef } from 'react'

/** In px; `heads`: of the column heads, which stay above the rows. */
export interface RowHeights {
  heads: number
  group: number
  row: number
}

/** Only what is in view is drawn. The head of the group that is read stays, as the column heads do. */
export function useGroupedRows<Line extends { type: string; id: string }>(
  scroller: RefObject<HTMLDivElement | null>,
  lines: readonly Line[],
  { heads, group, row }: RowHeights
) {
  const starts = useMemo(() => lines.flatMap((line, at) => (line.type === 'head' ? [at] : [])), [lines])
  const sticky = useRef<number | undefined>(undefined)
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: at => (lines[at]?.type === 'head' ? group : row),
    getItemKey: at => lines[at]?.id ?? at,
    overscan: 12,
    scrollMargin: heads,
    scrollPaddingStart: heads + group + 8,
    scrollPaddingEnd: 8,
    rangeExtractor: range => {
      sticky.current = starts.findLast(at => at <= range.startIndex)
      const shown = defaultRangeExtractor(range)
      return sticky.current === undefined || shown.includes(sticky.current) ? shown : [sticky.current, ...shown]
    }
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes are kept by index until they are measured anew
  useEffect(() => {
    rows.measure()
  }, [rows, lines, row])
  return { rows, sticky: sticky.current }
}
