import type { Actor } from '#contract/audit/audit'
import type { Backup } from '#contract/data'
import { AppError, Missing } from '#contract/errors'
import { schemaNumber } from '../../store/migrations/index.ts'
import { type Domain, recordChange } from '../domain.ts'

/** Copies that are kept; an hourly script that nobody looks after must not fill the disk. */
const maxBackups = 100

/** Stores that are being copied now: two at a time would only be slower. */
const copying = new WeakSet<object>()

/** Takes as long as reading the whole database; nobody else waits for it. Throws LIMIT_REACHED, STORE_UNAVAILABLE. */
export async function makeBackup(domain: Domain, by: Actor): Promise<Backup> {
  const { store, clock } = domain
  if (copying.has(store)) throw new AppError('LIMIT_REACHED', 'A backup is being made; wait until it is done')
  if (store.backups.list().length >= maxBackups)
    throw new AppError('LIMIT_REACHED', `There are ${maxBackups} backups; delete some first`)
  copying.add(store)
  try {
    const backup = await store.backups.make(clock.now())
    await store.writer.write(() => {
      store.settings.set('backup.made', backup.name)
      recordChange(domain, 'data', 'changed', 'backups')
    }, by)
    return backup
  } catch (error) {
    throw error instanceof AppError
      ? error
      : new AppError('STORE_UNAVAILABLE', `The backup could not be written: ${(error as Error).message}`)
  } finally {
    copying.delete(store)
  }
}

export function getBackup(domain: Pick<Domain, 'store'>, name: string): Backup {
  return requireBackup(domain, name)
}

export function deleteBackup(domain: Domain, name: string): void {
  const backup = requireBackup(domain, name)
  if (domain.store.backups.wished() === name) wish(domain, null)
  domain.store.settings.set('backup.deleted', name)
  recordChange(domain, 'data', 'changed', 'backups')
  domain.store.writer.afterCommit(() => domain.store.backups.remove(backup))
}

/** It is put back at the next start, before anything is opened. Throws NOT_FOUND, NOT_SUPPORTED. */
export function wishRestore(domain: Domain, name: string): { name: string } {
  const { schema } = requireBackup(domain, name)
  if (schema === null) throw new AppError('NOT_SUPPORTED', `${name} is no database of Flotilla`)
  if (schema > schemaNumber())
    throw new AppError('NOT_SUPPORTED', `${name} was made by a newer Flotilla (schema ${schema}); start that version`)
  wish(domain, name)
  return { name }
}

export function cancelRestore(domain: Domain): void {
  wish(domain, null)
}

function wish(domain: Domain, name: string | null): void {
  const { store } = domain
  store.settings.set('backup.restore', name ?? '')
  recordChange(domain, 'data', 'changed', 'restore')
  store.writer.afterCommit(() => store.backups.wish(name))
}

function requireBackup(domain: Pick<Domain, 'store'>, name: string): Backup {
  const backup = domain.store.backups.find(name)
  if (!backup) throw new Missing('backup', name)
  return backup
}
