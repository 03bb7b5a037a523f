import type { DataReport } from '#contract/data'
import type { Domain } from '../domain.ts'
import { counts } from '../system.ts'
import { readRetention } from './retention.ts'

/** What the data folder holds and what it weighs. */
export async function dataReport(domain: Domain): Promise<DataReport> {
  const { store } = domain
  const weights = await store.reader.ask('weights', undefined)
  const workspaces = await store.reader.ask('folders', store.workspaces)
  const backups = store.backups.list()
  const { tables } = weights
  const named = {
    runs: [
      'runs',
      'inputs',
      'approvals',
      'file_changes',
      'checkpoints',
      'net_changes',
      'kept_files',
      'review_marks',
      'review_views',
      'review_comments'
    ],
    events: ['events'],
    images: ['images', 'image_uses'],
    messages: ['messages'],
    audit: ['audit']
  }
  const bytes = (names: readonly string[]) => names.reduce((sum, name) => sum + (tables[name] ?? 0), 0)
  const rest = Object.keys(tables).filter(name => !Object.values(named).flat().includes(name))
  return {
    folder: store.backups.folder,
    databaseBytes: weights.total,
    freeBytes: weights.free,
    runs: { count: sum(Object.values(counts(domain).runs)), bytes: bytes(named.runs) },
    events: { count: null, bytes: bytes(named.events) },
    images: { count: weights.images, bytes: bytes(named.images) },
    messages: { count: store.messages.count(), bytes: bytes(named.messages) },
    audit: { count: weights.auditEntries, bytes: bytes(named.audit) },
    otherBytes: bytes(rest),
    workspaces: {
      count: workspaces.folders.length,
      bytes: sum(workspaces.folders.map(folder => folder.bytes)),
      complete: workspaces.complete
    },
    backups: { count: backups.length, bytes: sum(backups.map(backup => backup.bytes)) },
    retention: readRetention(domain),
    sweeping: store.removal.hasSweeps(),
    restore: store.backups.wished()
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
