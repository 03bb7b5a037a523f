import type { ProcessEntry } from './processes.ts'

/**
 * Who of `entries` belongs to the tree of `root`: children of children, members of a process group or session that one
 * of them leads. Tools of agents sit in groups of their own, and lose their parent when it dies first: so `known` holds
 * who was seen in the tree before. Once the root has ended, its pid alone proves nothing.
 */
export function descendants(
  entries: ProcessEntry[],
  root: { pid: number; alive: boolean },
  known: ProcessEntry[]
): ProcessEntry[] {
  const before = new Set(known.map(nameOf))
  const members = new Map(entries.filter(entry => before.has(nameOf(entry))).map(entry => [entry.pid, entry]))
  for (const entry of entries) if (root.alive && entry.pid === root.pid) members.set(entry.pid, entry)
  const leaders = new Set([root.pid, ...members.keys()])

  let grew = true
  while (grew) {
    grew = false
    for (const entry of entries) {
      if (members.has(entry.pid)) continue
      if (!leaders.has(entry.parent) && !leaders.has(entry.group) && !leaders.has(entry.session)) continue
      members.set(entry.pid, entry)
      leaders.add(entry.pid)
      grew = true
    }
  }
  return [...members.values()]
}

function nameOf(entry: ProcessEntry): string {
  return `${entry.pid}@${entry.started}`
}
