import type { Run } from '#contract/runs/runs'

/** From the first run of a chain down to the given one. */
export function pathTo(run: Run, chain: readonly Run[]): Run[] {
  const byId = new Map(chain.map(one => [one.id, one]))
  const path = [run]
  let parent = run.parentRunId
  while (parent !== null) {
    const found = byId.get(parent)
    // A chain of thousands is not loaded whole; a loop cannot happen but must not hang the page.
    if (!found || path.includes(found)) break
    path.unshift(found)
    parent = found.parentRunId
  }
  return path
}

/** The path to a run and on from it, along the newest child each time: the chips of the strip. */
export function stripOf(run: Run, chain: readonly Run[]): Run[] {
  const path = pathTo(run, chain)
  let last: Run = run
  for (;;) {
    const next = childrenOf(last, chain).at(-1)
    if (!next || path.includes(next)) return path
    path.push(next)
    last = next
  }
}

/** Oldest first. */
export function childrenOf(run: Run, chain: readonly Run[]): Run[] {
  return chain.filter(one => one.parentRunId === run.id).sort((a, b) => a.number - b.number)
}
