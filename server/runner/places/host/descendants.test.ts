import { describe, expect, test } from 'vitest'
import { descendants } from './descendants.ts'
import type { ProcessEntry } from './processes.ts'

function process(pid: number, parent: number, more: Partial<ProcessEntry> = {}): ProcessEntry {
  return { pid, parent, group: pid, session: pid, leads: false, started: `t${pid}`, ...more }
}

const alive = { pid: 10, alive: true }
const pids = (entries: ProcessEntry[]) => entries.map(entry => entry.pid).sort((a, b) => a - b)

describe('who belongs to an agent', () => {
  test('its children and theirs, in whatever order they are listed', () => {
    const entries = [process(12, 11), process(11, 10), process(10, 1), process(20, 1)]
    expect(pids(descendants(entries, alive, []))).toEqual([10, 11, 12])
  })

  test('orphans in its group or session, or in one that a descendant leads', () => {
    const entries = [
      process(10, 1),
      process(11, 10),
      process(13, 1, { group: 10 }),
      process(14, 1, { session: 11 }),
      process(15, 1)
    ]
    expect(pids(descendants(entries, alive, []))).toEqual([10, 11, 13, 14])
  })

  test('who was seen before, though nothing links it any more; not another process with its pid', () => {
    const before = [process(11, 10), process(12, 10)]
    const entries = [process(11, 1), process(12, 1, { started: 'later' }), process(13, 11)]
    expect(pids(descendants(entries, { pid: 10, alive: false }, before))).toEqual([11, 13])
  })

  test('a stranger that got the pid of an ended agent does not', () => {
    const stranger = process(10, 1, { started: 'later', group: 5, session: 5 })
    expect(descendants([stranger], { pid: 10, alive: false }, [process(10, 1)])).toEqual([])
  })
})
