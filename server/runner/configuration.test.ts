import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadConfiguration, readIdentity, splitDirs } from './configuration.ts'

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'flotilla-configuration-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

function write(name: string, content: unknown): void {
  writeFileSync(join(dataDir, name), JSON.stringify(content))
}

describe('the built-in runner', () => {
  test('finds the control plane by its file, anew each time', () => {
    const configuration = loadConfiguration(['--data-dir', dataDir], {})
    expect(() => configuration.address()).toThrow()
    write('control-plane.json', { url: 'http://127.0.0.1:1', ownerToken: 'a' })
    expect(configuration.address()).toEqual({ url: 'http://127.0.0.1:1', token: 'a' })
    write('control-plane.json', { url: 'http://127.0.0.1:2', ownerToken: 'b' })
    expect(configuration.address()).toEqual({ url: 'http://127.0.0.1:2', token: 'b' })
  })

  test('takes its folders from the settings, not from the environment', () => {
    const configuration = loadConfiguration(['--data-dir', dataDir], { ALLOWED_DIRS: '/etc' })
    write('runner-settings.json', { allowedDirs: ['/code'] })
    expect(configuration.allowedDirs()).toEqual(['/code'])
  })
})

describe('a standalone runner', () => {
  const env = () => ({
    AGENTFLEET_URL: 'https://your-host',
    AGENTFLEET_API_KEY: 'af_live_x',
    ALLOWED_DIRS: '/a, /b:/c',
    RUNNER_NAME: 'home-desktop',
    FLOTILLA_RUNNER_DIR: join(dataDir, 'own')
  })

  test('is told everything by its environment', () => {
    const configuration = loadConfiguration([], env())
    expect(configuration).toMatchObject({ kind: 'remote', name: 'home-desktop', lonelyMs: null })
    expect(configuration.address()).toEqual({ url: 'https://your-host', token: 'af_live_x' })
    expect(configuration.allowedDirs()).toEqual(['/a', '/b', '/c'])
  })

  test.each([
    ['AGENTFLEET_URL', { AGENTFLEET_URL: 'your-host' }],
    ['AGENTFLEET_API_KEY', { AGENTFLEET_API_KEY: '' }],
    ['ALLOWED_DIRS', { ALLOWED_DIRS: 'code' }]
  ])('a wrong %s is named', (name, wrong) => {
    expect(() => loadConfiguration([], { ...env(), ...wrong })).toThrow(name)
  })
})

test('folders are separated by commas or as the platform does', () => {
  expect(splitDirs('/a:/b,/c', 'linux')).toEqual(['/a', '/b', '/c'])
  expect(splitDirs('C:\\Users\\you\\code', 'win32')).toEqual(['C:\\Users\\you\\code'])
  expect(splitDirs('C:\\a;D:\\b, E:\\c', 'win32')).toEqual(['C:\\a', 'D:\\b', 'E:\\c'])
  expect(splitDirs('', 'linux')).toEqual([])
})

test('the identity of a runner stays, and a broken file gets a new one', () => {
  const identity = readIdentity(dataDir)
  expect(readIdentity(dataDir)).toBe(identity)
  write('runner.json', { identity: 7 })
  expect(readIdentity(dataDir)).not.toBe(identity)
})
