import {
  cancelRestore,
  changeRetention,
  deleteBackup,
  getBackup,
  getData,
  getRetention,
  listBackups,
  makeBackup,
  restoreBackup
} from '#contract/data'
import * as backups from '../../domain/data/backups.ts'
import { dataReport } from '../../domain/data/report.ts'
import * as retention from '../../domain/data/retention.ts'
import { type Route, read, wait, write } from '../for-faces.ts'

export function dataRoutes(): Route[] {
  return [
    wait(getData, ({ domain }) => dataReport(domain)),
    read(getRetention, ({ domain }) => retention.readRetention(domain)),
    write(changeRetention, ({ domain, body }) => retention.changeRetention(domain, body)),
    wait(makeBackup, ({ domain, actor }) => backups.makeBackup(domain, actor)),
    read(listBackups, ({ domain }) => ({ data: domain.store.backups.list() })),
    read(getBackup, ({ domain, params }) => backups.getBackup(domain, params.name)),
    write(deleteBackup, ({ domain, params }) => {
      backups.deleteBackup(domain, params.name)
      return { success: true as const }
    }),
    write(restoreBackup, ({ domain, body }) => backups.wishRestore(domain, body.name)),
    write(cancelRestore, ({ domain }) => {
      backups.cancelRestore(domain)
      return { success: true as const }
    })
  ]
}
