/** Groups of nodes of which each leads to each other, as Tarjan finds them in one walk; each sorted. */
export function circles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>()
  const path: string[] = []
  const onPath = new Set<string>()
  const found: string[][] = []

  function visit(node: string): number {
    const own = order.size
    let low = own
    order.set(node, own)
    path.push(node)
    onPath.add(node)
    for (const next of graph.get(node) ?? []) {
      if (!order.has(next)) low = Math.min(low, visit(next))
      else if (onPath.has(next)) low = Math.min(low, order.get(next) ?? own)
    }
    if (low === own) close(node)
    return low
  }

  /** All that was met since is one group. */
  function close(node: string): void {
    const group = path.splice(path.indexOf(node))
    for (const one of group) onPath.delete(one)
    if (group.length > 1) found.push(group.sort())
  }

  for (const node of graph.keys()) if (!order.has(node)) visit(node)
  return found.sort(([one = ''], [other = '']) => one.localeCompare(other))
}
