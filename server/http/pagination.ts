/** A page of the native face. */
export function paginated<Item>(
  query: { limit: number; offset: number },
  { items, total }: { items: Item[]; total: number }
) {
  const { limit, offset } = query
  return { data: items, pagination: { total, limit, offset, hasMore: offset + items.length < total } }
}
