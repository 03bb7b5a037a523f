import { join } from 'node:path'
import { type AuditStore, auditStore, type Seal } from './audit/audit.ts'
import { type BackupStore, backupStore, restoreWished } from './backups.ts'
import { changeStore } from './changes.ts'
import { type Database, openDatabase } from './database.ts'
import { demoStore } from './demo.ts'
import { agentStore } from './fleet/agents.ts'
import { mcpStore } from './fleet/mcps.ts'
import { secretStore } from './fleet/secrets.ts'
import { idempotencyStore } from './idempotency.ts'
import { limitStore } from './limits.ts'
import { budgetStore } from './money/budgets.ts'
import { usageStore } from './money/usage.ts'
import { keyStore } from './people/keys.ts'
import { loginStore } from './people/logins.ts'
import { sightStore } from './people/sight.ts'
import { userStore } from './people/users.ts'
import { type Reader, startReader } from './reader.ts'
import { pairingStore } from './runners/pairings.ts'
import { runnerStore } from './runners/runners.ts'
import { approvalStore } from './runs/approvals.ts'
import { changedFileStore } from './runs/changed-files.ts'
import { checkpointStore } from './runs/checkpoints.ts'
import { eventStore } from './runs/events.ts'
import { folderTrustStore } from './runs/folder-trust.ts'
import { imageStore } from './runs/images.ts'
import { inputStore } from './runs/inputs.ts'
import { keptFilesStore } from './runs/kept-files.ts'
import { queueStore } from './runs/queue.ts'
import { removalStore } from './runs/removal.ts'
import { reviewStore } from './runs/reviews.ts'
import { runStore } from './runs/runs.ts'
import { runsToReadStore } from './runs/runs-to-read.ts'
import { removeSearchIndex } from './runs/search-index.ts'
import { type Search, startSearch } from './search.ts'
import { settingStore } from './settings.ts'
import { startUpkeep } from './upkeep.ts'
import { flowTickStore } from './work/flow-ticks.ts'
import { flowTriggerStore } from './work/flow-triggers.ts'
import { flowStore } from './work/flows.ts'
import { messageStore } from './work/messages.ts'
import { epicStore, taskStore } from './work/tasks.ts'
import { createWriter, type Writer } from './writer.ts'

/** What reads and writes the rows of each noun. */
const rows = {
  runs: runStore,
  queue: queueStore,
  removal: removalStore,
  events: eventStore,
  changedFiles: changedFileStore,
  checkpoints: checkpointStore,
  keptFiles: keptFilesStore,
  reviews: reviewStore,
  inputs: inputStore,
  images: imageStore,
  runsToRead: runsToReadStore,
  agents: agentStore,
  approvals: approvalStore,
  folderTrust: folderTrustStore,
  tasks: taskStore,
  epics: epicStore,
  flows: flowStore,
  flowTriggers: flowTriggerStore,
  flowTicks: flowTickStore,
  messages: messageStore,
  secrets: secretStore,
  usage: usageStore,
  budgets: budgetStore,
  mcps: mcpStore,
  runners: runnerStore,
  pairings: pairingStore,
  users: userStore,
  sight: sightStore,
  keys: keyStore,
  logins: loginStore,
  changes: changeStore,
  idempotency: idempotencyStore,
  limits: limitStore,
  settings: settingStore,
  demo: demoStore
}
type Rows = { [Noun in keyof typeof rows]: ReturnType<(typeof rows)[Noun]> }

export interface Store extends Rows {
  writer: Writer
  audit: Pick<AuditStore, 'note' | 'head' | 'end'>
  backups: BackupStore
  /** Where runs without a folder of their own work, on this computer. */
  workspaces: string
  /** What may take long is read in a thread of its own. */
  reader: Reader
  /** What was said is found in a thread of its own. */
  search: Search
  /** Says what failed where nobody waits for it. */
  onError(error: unknown): void
  /** Size of the database in bytes. */
  bytes(): number
  close(): Promise<void>
}

export interface StoreOptions {
  /** Folder with the built scripts of threads. */
  workers: string
  /** Keep an index of what is said. */
  search?: boolean
  vault: Seal
  clock: { now(): number }
  onError(error: unknown): void
}

/** Opens everything that is kept in the data folder. Throws DataFolderError. */
export function openStore(dataDir: string, options: StoreOptions): Store {
  if (restoreWished(dataDir, options.clock.now()) !== null) removeSearchIndex(dataDir)
  const db: Database = openDatabase(dataDir)
  const upkeep = startUpkeep(db, join(options.workers, 'upkeep.js'), options.onError)
  const reader = startReader(db.name, join(options.workers, 'reader.js'))
  const audit = auditStore(db, options)
  const writer = createWriter(db, { onCommit: upkeep.committed, ledger: audit })
  const open = openRows(db)
  const search = startSearch({
    file: db.name,
    workerFile: options.search === false ? null : join(options.workers, 'search.js'),
    writer,
    toRead: open.runsToRead,
    onError: options.onError
  })
  return {
    ...open,
    search,
    writer,
    audit,
    onError: options.onError,
    workspaces: join(dataDir, 'workspaces'),
    backups: backupStore(dataDir, upkeep.copyTo),
    reader,
    bytes: () =>
      (db.pragma('page_count', { simple: true }) as number) * (db.pragma('page_size', { simple: true }) as number),
    async close() {
      const searched = search.close()
      writer.close()
      await Promise.all([upkeep.close(), reader.close(), searched])
      db.pragma('wal_checkpoint(TRUNCATE)')
      db.close()
    }
  }
}

function openRows(db: Database): Rows {
  return Object.fromEntries(Object.entries(rows).map(([noun, open]) => [noun, open(db)])) as unknown as Rows
}
