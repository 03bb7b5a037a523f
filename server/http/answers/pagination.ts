/** A page. One that holds nothing has nothing after it, so that nobody turns empty pages for ever. */
export function paginated<Item>(
  query: { limit: number; offset: number },
  { items, total, hasMore }: { items: Item[]; total: number; hasMore?: boolean }
) {
  const { limit, offset } = query
  return {
    data: items,
    pagination: {
      total,
      limit,
      offset,
      hasMore: hasMore ?? (items.length > 0 && offset + items.length < total)
    }
  }
}
