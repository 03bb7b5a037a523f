export type LogLine<Item> =
  | { type: 'head'; id: string; title: string }
  | { type: 'item'; id: string; item: Item; index: number }

/** Items with a head before the first of each group. */
export function linesOf<Item>(
  items: readonly Item[],
  idOf: (item: Item) => string,
  groupOf?: (item: Item) => string
): LogLine<Item>[] {
  const lines: LogLine<Item>[] = []
  let group: string | null = null
  for (const [index, item] of items.entries()) {
    const own = groupOf?.(item) ?? null
    if (own !== null && own !== group) lines.push({ type: 'head', id: `head ${own}`, title: own })
    group = own
    lines.push({ type: 'item', id: idOf(item), item, index })
  }
  return lines
}
