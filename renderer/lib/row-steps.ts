export interface RowShape {
  /** Rows that PageUp and PageDown pass; without it they scroll. */
  page?: number
  /** Of a grid of cards; its arrows move beside, too. */
  columns?: number
}

/** How far a key leads in a list; undefined: nowhere. */
export function stepOf(key: string, length: number, { page, columns }: RowShape): number | undefined {
  const steps: Record<string, number | undefined> = {
    ArrowDown: columns ?? 1,
    ArrowUp: -(columns ?? 1),
    Home: -length,
    End: length,
    ...(page !== undefined && { PageDown: page, PageUp: -page }),
    ...(columns !== undefined && { ArrowRight: 1, ArrowLeft: -1 })
  }
  return steps[key]
}
