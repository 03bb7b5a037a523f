import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { findElectron } from './electron-binary.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-electron-'))
  vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', '')
  vi.stubEnv('ELECTRON_GET_USE_PROXY', '')
})

afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

test('takes the executable that the package downloaded', async () => {
  mkdirSync(join(folder, 'dist'))
  writeFileSync(join(folder, 'dist/electron-here'), '')
  writeFileSync(join(folder, 'path.txt'), 'electron-here')
  expect(await findElectron(folder)).toEqual({ path: join(folder, 'dist/electron-here') })
})

test('prefers the folder that the environment names', async () => {
  vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', folder)
  writeFileSync(join(folder, 'electron'), '')
  expect(await findElectron(folder)).toEqual({ path: join(folder, 'electron') })
})

test('says so when that folder holds none, and downloads nothing', async () => {
  vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', folder)
  expect(await findElectron(folder)).toEqual({ missing: 'ELECTRON_OVERRIDE_DIST_PATH holds no Electron' })
})

test('does not wait for a download host that cannot be reached', async () => {
  vi.stubEnv('ELECTRON_MIRROR', 'http://127.0.0.1:9')
  expect(await findElectron(folder)).toHaveProperty('missing', expect.stringContaining('cannot be reached'))
})

test('says so when the package is not installed', async () => {
  expect(await findElectron(join(folder, 'none'))).toHaveProperty('missing', expect.stringContaining('not installed'))
})
