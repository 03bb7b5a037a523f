import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, expect, test } from 'vitest'
import { launchRun, listRuns } from '#contract/runs/runs'
import { startControlPlane } from '../../server/app.ts'
import { ConfigError, loadInvocation, makesCertificate } from '../../server/config.ts'
import { DataFolderError } from '../../server/store/data-folder.ts'
import { startApp, temporaryFolder, testConfig } from '../kit/start-app.ts'

const folders: string[] = []
function folder(): string {
  const made = temporaryFolder()
  folders.push(made)
  return made
}
afterEach(() => {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true })
})

test('control-plane.json tells tools of this user how to reach it, and goes with it', async () => {
  const app = await startApp()
  const file = join(app.dataDir, 'control-plane.json')
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    url: app.url,
    pid: process.pid,
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    startedAt: expect.stringMatching(/Z$/),
    ownerToken: app.ownerToken
  })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  await app.close()
  expect(existsSync(file)).toBe(false)
})

test('a second control plane on the folder is refused with the pid and URL of the first', async () => {
  const app = await startApp()
  const second = startControlPlane(testConfig(app.dataDir))
  await expect(second).rejects.toThrow(DataFolderError)
  await expect(startControlPlane(testConfig(app.dataDir))).rejects.toThrow(
    `Flotilla already runs on ${app.dataDir} (pid ${process.pid}) at ${app.url}`
  )
  expect((await app.request('GET', '/healthz')).status).toBe(200)
  await app.close()
})

test('what was launched is there after a restart', async () => {
  const app = await startApp()
  const run = await app.call(launchRun, { body: { prompt: 'remember me' } })
  await app.restart()
  expect((await app.call(listRuns)).data.map(row => row.id)).toEqual([run.id])
  await app.close()
})

test('a database of a newer Flotilla is refused in one clear line and left alone', async () => {
  const dataDir = folder()
  const db = new Sqlite(join(dataDir, 'flotilla.db'))
  db.pragma('user_version = 999')
  db.close()
  await expect(startControlPlane(testConfig(dataDir))).rejects.toThrow(/made by a newer Flotilla \(schema 999/)
  const after = new Sqlite(join(dataDir, 'flotilla.db'))
  expect(after.pragma('user_version', { simple: true })).toBe(999)
  after.close()
})

test('a damaged database is refused with the way out', async () => {
  const dataDir = folder()
  writeFileSync(
    join(dataDir, 'flotilla.db'),
    'this is no database, though it is long enough to be read as one '.repeat(100)
  )
  await expect(startControlPlane(testConfig(dataDir))).rejects.toThrow(/is damaged .* Put back a copy/)
})

test('a data folder that is a file, or lies below one, is refused by name', async () => {
  const file = join(folder(), 'file')
  writeFileSync(file, '')
  await expect(startControlPlane(testConfig(file))).rejects.toThrow(`The data folder ${file} cannot be used`)
  const below = join(file, 'deeper')
  await expect(startControlPlane(testConfig(below))).rejects.toThrow(`The data folder ${below} cannot be used`)
})

test('a taken port is one clear line, and nothing of the attempt stays', async () => {
  const dataDir = folder()
  const other = createServer()
  await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve))
  const address = other.address()
  const port = typeof address === 'object' ? address?.port : 0
  const invocation = loadInvocation(['--no-runner', '--port', String(port), '--data-dir', dataDir], {})
  if (invocation.command === 'help') throw new Error('not asked for help')
  const start = startControlPlane(invocation.config)
  await expect(start).rejects.toThrow(ConfigError)
  await expect(start).rejects.toThrow(`Port ${port} is taken by another program`)
  expect(existsSync(join(dataDir, 'control-plane.json'))).toBe(false)
  other.close()
  const app = await startApp({ dataDir })
  await app.close()
})

test.each([
  [['--port', 'x'], /--port must be a whole number/],
  [['--port', '70000'], /--port must be a whole number/],
  [['--nonsense'], /Unknown option '--nonsense'/],
  [['--allowed-dirs', 'relative'], /takes absolute folders/],
  [['--tls-cert', 'x'], /go together/],
  [['dance'], /Unknown command "dance"/]
])('%j is refused in one line', (args, message) => {
  expect(() => loadInvocation(args, {})).toThrow(message)
})

test.each([
  [[], false],
  [['--host', '127.0.0.1'], false],
  [['--host', '0.0.0.0'], true],
  [['--host', '::'], true],
  [['--host', '127.0.0.1.example.com'], true],
  [['--host', '0.0.0.0', '--insecure-http'], false]
])('%j makes a certificate of its own: %s', (args, made) => {
  const invocation = loadInvocation(args, {})
  expect(invocation.command === 'serve' && makesCertificate(invocation.config)).toBe(made)
})
