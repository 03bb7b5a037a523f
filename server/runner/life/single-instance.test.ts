import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { becomeInstance, findInstance, instancePath, watchInstance } from './single-instance.ts'

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'flotilla-instance-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

const self = { pid: 123, version: '1.2.3' }

test('the first one is the instance and can be asked, the second is refused', async () => {
  const lock = await becomeInstance(dataDir, self)
  expect(await findInstance(dataDir)).toEqual(self)
  expect(await becomeInstance(dataDir, { ...self, pid: 456 })).toBeNull()
  lock?.release()
})

test('after a release the next one takes over', async () => {
  ;(await becomeInstance(dataDir, self))?.release()
  expect(await findInstance(dataDir)).toBeNull()
  const next = await becomeInstance(dataDir, { ...self, pid: 456 })
  expect(await findInstance(dataDir)).toMatchObject({ pid: 456 })
  next?.release()
})

test('what a killed process left behind does not stop the next one', async () => {
  writeFileSync(instancePath(dataDir), '')
  const lock = await becomeInstance(dataDir, self)
  expect(await findInstance(dataDir)).toEqual(self)
  lock?.release()
})

test('one that is frozen and does not answer is still the instance', async () => {
  const silent = createServer(() => {})
  await new Promise<void>(resolve => silent.listen(instancePath(dataDir), resolve))
  expect(await becomeInstance(dataDir, self)).toBeNull()
  silent.close()
})

test('who watches it learns that it is gone', async () => {
  expect(await watchInstance(dataDir)).toBeNull()
  const file = fileURLToPath(new URL('single-instance.ts', import.meta.url))
  const script = `import(${JSON.stringify(file)}).then(it => it.becomeInstance(${JSON.stringify(dataDir)}, { pid: 1, version: '1' }))`
  const child = spawn(process.execPath, ['-e', script], { stdio: 'ignore' })
  await vi.waitUntil(async () => (await findInstance(dataDir)) !== null, { timeout: 10_000 })
  const living = await watchInstance(dataDir)
  child.kill('SIGKILL')
  await living?.gone
  // The system closes what a killed process held one after the other.
  await vi.waitFor(async () => {
    const again = await watchInstance(dataDir)
    again?.release()
    expect(again).toBeNull()
  })
})

test('somebody who answers nonsense is not taken for a runner', async () => {
  const server = createServer(socket => socket.end('hello\n'))
  await new Promise<void>(resolve => server.listen(instancePath(dataDir), resolve))
  expect(await findInstance(dataDir)).toBeNull()
  server.close()
})

test('a long data folder gets a short path, another for each folder', () => {
  const long = `/${'x'.repeat(120)}`
  expect(Buffer.byteLength(instancePath(long))).toBeLessThan(100)
  expect(instancePath(long)).not.toBe(instancePath(`${long}y`))
  expect(instancePath('C:\\data', 'runner', 'win32')).toMatch(/^\\\\\.\\pipe\\flotilla-runner-/)
})
