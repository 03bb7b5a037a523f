import { join } from 'node:path'
import { type AuditStore, auditStore, type Seal } from './audit/audit.ts'
import { type BackupStore, backupStore, restoreWished } from './backups.ts'
import { type ChangeStore, changeStore } from './changes.ts'
import { type Database, openDatabase } from './database.ts'
import { type DemoStore, demoStore } from './demo.ts'
import { type AgentStore, agentStore } from './fleet/agents.ts'
import { type McpStore, mcpStore } from './fleet/mcps.ts'
import { type SecretStore, secretStore } from './fleet/secrets.ts'
import { type IdempotencyStore, idempotencyStore } from './idempotency.ts'
import { type LimitStore, limitStore } from './limits.ts'
import { type BudgetStore, budgetStore } from './money/budgets.ts'
import { type UsageStore, usageStore } from './money/usage.ts'
import { type KeyStore, keyStore } from './people/keys.ts'
import { type SessionStore, sessionStore } from './people/sessions.ts'
import { type SightStore, sightStore } from './people/sight.ts'
import { type UserStore, userStore } from './people/users.ts'
import { type Reader, startReader } from './reader.ts'
import { type RunnerStore, runnerStore } from './runners/runners.ts'
import { type ApprovalStore, approvalStore } from './runs/approvals.ts'
import { type EventStore, eventStore } from './runs/events.ts'
import { type FileChangeStore, fileChangeStore } from './runs/file-changes.ts'
import { type FolderTrustStore, folderTrustStore } from './runs/folder-trust.ts'
import { type InputStore, inputStore } from './runs/inputs.ts'
import { type QueueStore, queueStore } from './runs/queue.ts'
import { type RemovalStore, removalStore } from './runs/removal.ts'
import { type RunStore, runStore } from './runs/runs.ts'
import { type SettingStore, settingStore } from './settings.ts'
import { startUpkeep } from './upkeep.ts'
import { type MessageStore, messageStore } from './work/messages.ts'
import { type EpicStore, epicStore, type TaskStore, taskStore } from './work/tasks.ts'
import { createWriter, type Writer } from './writer.ts'

export interface Store {
  writer: Writer
  runs: RunStore
  queue: QueueStore
  removal: RemovalStore
  events: EventStore
  fileChanges: FileChangeStore
  inputs: InputStore
  agents: AgentStore
  approvals: ApprovalStore
  folderTrust: FolderTrustStore
  tasks: TaskStore
  epics: EpicStore
  messages: MessageStore
  secrets: SecretStore
  usage: UsageStore
  budgets: BudgetStore
  mcps: McpStore
  runners: RunnerStore
  users: UserStore
  sight: SightStore
  keys: KeyStore
  sessions: SessionStore
  changes: ChangeStore
  idempotency: IdempotencyStore
  limits: LimitStore
  settings: SettingStore
  audit: Pick<AuditStore, 'note' | 'head' | 'end'>
  backups: BackupStore
  demo: DemoStore
  /** Where runs without a folder of their own work, on this computer. */
  workspaces: string
  /** What may take long is read in a thread of its own. */
  reader: Reader
  /** Says what failed where nobody waits for it. */
  onError(error: unknown): void
  /** Size of the database in bytes. */
  bytes(): number
  close(): Promise<void>
}

export interface StoreOptions {
  /** Folder with the built scripts of threads. */
  workers: string
  vault: Seal
  clock: { now(): number }
  onError(error: unknown): void
}

/** Opens everything that is kept in the data folder. Throws DataFolderError. */
export function openStore(dataDir: string, options: StoreOptions): Store {
  restoreWished(dataDir, options.clock.now())
  const db: Database = openDatabase(dataDir)
  const upkeep = startUpkeep(db, join(options.workers, 'upkeep.js'), options.onError)
  const reader = startReader(db.name, join(options.workers, 'reader.js'))
  const audit = auditStore(db, options)
  const writer = createWriter(db, { onCommit: upkeep.committed, ledger: audit })
  return {
    writer,
    runs: runStore(db),
    queue: queueStore(db),
    removal: removalStore(db),
    events: eventStore(db),
    fileChanges: fileChangeStore(db),
    inputs: inputStore(db),
    agents: agentStore(db),
    approvals: approvalStore(db),
    folderTrust: folderTrustStore(db),
    tasks: taskStore(db),
    epics: epicStore(db),
    messages: messageStore(db),
    secrets: secretStore(db),
    usage: usageStore(db),
    budgets: budgetStore(db),
    mcps: mcpStore(db),
    runners: runnerStore(db),
    users: userStore(db),
    sight: sightStore(db),
    keys: keyStore(db),
    sessions: sessionStore(db),
    changes: changeStore(db),
    idempotency: idempotencyStore(db),
    limits: limitStore(db),
    settings: settingStore(db),
    audit,
    onError: options.onError,
    workspaces: join(dataDir, 'workspaces'),
    demo: demoStore(db),
    backups: backupStore(dataDir, upkeep.copyTo),
    reader,
    bytes: () =>
      (db.pragma('page_count', { simple: true }) as number) * (db.pragma('page_size', { simple: true }) as number),
    async close() {
      writer.close()
      await Promise.all([upkeep.close(), reader.close()])
      db.pragma('wal_checkpoint(TRUNCATE)')
      db.close()
    }
  }
}
