import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from './database.ts'
import { startUpkeep } from './upkeep.ts'

test('closing waits for a thread that still starts, and lets it end by itself', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'flotilla-upkeep-'))
  const workerFile = join(dataDir, 'worker.mjs')
  const ended = join(dataDir, 'ended')
  writeFileSync(
    workerFile,
    `import { writeFileSync } from 'node:fs'
     import { parentPort } from 'node:worker_threads'
     const until = Date.now() + 200
     while (Date.now() < until);
     parentPort.on('message', wish => {
       if (wish === 'close') parentPort.close()
     })
     process.on('exit', () => writeFileSync(${JSON.stringify(ended)}, ''))`
  )
  const db = openDatabase(dataDir)
  const upkeep = startUpkeep(db, workerFile, error => expect.fail(String(error)))
  db.exec('CREATE TABLE much (x BLOB); INSERT INTO much VALUES (zeroblob(5000000))')
  upkeep.committed()
  await upkeep.close()
  expect(existsSync(ended)).toBe(true)
  db.close()
  rmSync(dataDir, { recursive: true })
})

test('a log that stays short needs no thread', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'flotilla-upkeep-'))
  const db = openDatabase(dataDir)
  const upkeep = startUpkeep(db, join(dataDir, 'no-such-worker.mjs'), error => expect.fail(String(error)))
  upkeep.committed()
  await upkeep.close()
  db.close()
  rmSync(dataDir, { recursive: true })
})
