import { type Dirent, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from './database.ts'
import { eventsAfter } from './runs/events.ts'

/** Bytes on the disk by table, its indexes included. */
export interface Weights {
  tables: Record<string, number>
  free: number
  total: number
  auditEntries: number
  images: number
}

export interface FolderWeight {
  name: string
  bytes: number
  /** When anything in it was last written, in ms. */
  changedAt: number
}

/** Files looked at for one question; beyond that a weight is at least so much. */
const maxFiles = 200_000

export function weightReadings(db: Database) {
  return {
    weights(): Weights {
      const rows = db
        .prepare<[], { name: string; bytes: number }>(
          `SELECT coalesce(s.tbl_name, d.name) AS name, sum(d.pgsize) AS bytes
           FROM dbstat AS d LEFT JOIN sqlite_schema AS s ON s.name = d.name
           WHERE d.aggregate = TRUE GROUP BY 1`
        )
        .all()
      const page = db.pragma('page_size', { simple: true }) as number
      const count = (table: 'audit' | 'images') =>
        db.prepare<[], { n: number }>(`SELECT count(*) AS n FROM ${table}`).get()?.n ?? 0
      return {
        tables: Object.fromEntries(rows.map(row => [row.name, row.bytes])),
        free: (db.pragma('freelist_count', { simple: true }) as number) * page,
        total: (db.pragma('page_count', { simple: true }) as number) * page,
        auditEntries: count('audit'),
        images: count('images')
      }
    },

    /** Bytes that the pages of one table take, without its indexes. */
    tableBytes(table: string): number {
      const row = db.prepare<[string], { pgsize: number }>(
        'SELECT pgsize FROM dbstat WHERE aggregate = TRUE AND name = ?'
      )
      return row.get(table)?.pgsize ?? 0
    },

    /** Numbers of ended runs, first ended first, whose events must go for those of all to take so much less of the disk. */
    eventsToLetGo({ share, limit }: { share: number; limit: number }): number[] {
      // Text is weighed, which says nothing of how full the pages are that hold it: so a share of all texts is let go.
      const { n: all } = db.prepare<[], { n: number }>('SELECT total(length(body)) AS n FROM events').get() ?? { n: 0 }
      const ended = db.prepare<[], { number: number }>(
        'SELECT number FROM runs WHERE ended_at IS NOT NULL AND events_removed_at IS NULL AND last_seq > 0 ORDER BY ended_at'
      )
      const weigh = db.prepare<[number, number, number], { n: number }>(
        `SELECT sum(length(body)) AS n FROM events WHERE ${eventsAfter}`
      )
      const numbers: number[] = []
      let left = share * all
      for (const { number } of ended.iterate()) {
        if (left <= 0 || numbers.length === limit) break
        numbers.push(number)
        left -= weigh.get(number, 0, number)?.n ?? 0
      }
      return numbers
    },

    folders(parent: string): { folders: FolderWeight[]; complete: boolean } {
      const budget = { files: maxFiles }
      const folders = entriesOf(parent)
        .filter(entry => entry.isDirectory())
        .map(({ name }) => ({ name, ...weigh(join(parent, name), budget) }))
      return { folders, complete: budget.files > 0 }
    },

    removeFolder(path: string): null {
      rmSync(path, { recursive: true, force: true, maxRetries: 3 })
      return null
    }
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    // Not there, or gone while we looked.
    return []
  }
}

/** Links are not followed. */
function weigh(folder: string, budget: { files: number }): Omit<FolderWeight, 'name'> {
  const sum = { bytes: 0, changedAt: changedAt(folder) }
  const open = [folder]
  for (let here = open.pop(); here !== undefined; here = open.pop())
    for (const entry of entriesOf(here)) {
      if (budget.files-- <= 0) return sum
      const path = join(here, entry.name)
      if (entry.isDirectory()) open.push(path)
      const stats = statSync(path, { throwIfNoEntry: false })
      if (!entry.isFile() || !stats) continue
      sum.bytes += stats.size
      sum.changedAt = Math.max(sum.changedAt, stats.mtimeMs)
    }
  return sum
}

function changedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}
