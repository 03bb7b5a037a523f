import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ConfigurationError, loadConfiguration, readIdentity, splitDirs } from './configuration.ts'

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
    ['https://your-host/', 'https://your-host'],
    ['http://127.0.0.1:4747/agentfleet', 'http://127.0.0.1:4747/agentfleet'],
    ['https://your-host/flotilla/agentfleet/', 'https://your-host/flotilla/agentfleet'],
    ['https://your-host/agentfleet/api/v1', 'https://your-host/agentfleet'],
    ['https://your-host/api/v1/', 'https://your-host']
  ])('calls %s below %s', (given, url) => {
    expect(loadConfiguration([], { ...env(), AGENTFLEET_URL: given }).address().url).toBe(url)
  })

  test('is called as its computer where it has no name', () => {
    for (const name of ['', ' ', undefined])
      expect(loadConfiguration([], { ...env(), RUNNER_NAME: name }).name).toBe(hostname().slice(0, 100))
  })

  test.each([
    [{ AGENTFLEET_URL: undefined }, /AGENTFLEET_URL is not set/],
    [{ AGENTFLEET_URL: 'your-host' }, /did you mean http:\/\/your-host\?/],
    [{ AGENTFLEET_URL: 'localhost:4747' }, /did you mean http:\/\/localhost:4747\?/],
    [{ AGENTFLEET_URL: '127.0.0.1:4747/' }, /did you mean http:\/\/127\.0\.0\.1:4747/],
    [{ AGENTFLEET_URL: 'ftp://host' }, /AGENTFLEET_URL must be .*This is none: ftp:\/\/host$/],
    [{ AGENTFLEET_API_KEY: '' }, /AGENTFLEET_API_KEY is not set/],
    [{ AGENTFLEET_API_KEY: ' \n' }, /AGENTFLEET_API_KEY is not set/],
    [{ AGENTFLEET_API_KEY: 'af_live_x\nsecret-half' }, /AGENTFLEET_API_KEY holds characters/],
    [{ ALLOWED_DIRS: 'code' }, /ALLOWED_DIRS must be absolute folders; this is not: code/],
    [{ ALLOWED_DIRS: '' }, /ALLOWED_DIRS is empty/],
    [{ ALLOWED_DIRS: ' , :' }, /ALLOWED_DIRS is empty/],
    [{ ALLOWED_DIRS: Array.from({ length: 101 }, (_, n) => `/a/${n}`).join() }, /at most 100 folders; these are 101/],
    [{ RUNNER_NAME: 'x'.repeat(101) }, /RUNNER_NAME must have at most 100 characters; this has 101/],
    [{ ALLOWED_DIRS: '/etc/passwd' }, /ALLOWED_DIRS must be folders; this is a file/],
    [{ FLOTILLA_SILENCE_SECONDS: 'ten' }, /FLOTILLA_SILENCE_SECONDS must be a number of seconds/],
    [{ FLOTILLA_SILENCE_SECONDS: '-1' }, /FLOTILLA_SILENCE_SECONDS must be a number of seconds/],
    [{ FLOTILLA_RUNNER_DIR: '/etc/passwd/own' }, /The folder of this runner, .* cannot be used/]
  ])('%j is refused in words of its own', (wrong, words) => {
    const load = () => loadConfiguration([], { ...env(), ...wrong })
    expect(load).toThrow(ConfigurationError)
    expect(load).toThrow(words)
    expect(load).not.toThrow('secret-half')
  })

  test('warns of folders that are not there, as long as they are not', () => {
    const late = join(dataDir, 'late')
    const { warnings } = loadConfiguration([], { ...env(), ALLOWED_DIRS: `${dataDir},${late}` })
    expect(warnings()).toEqual([{ code: 'FOLDER_MISSING', message: expect.stringContaining(late) }])
    mkdirSync(late)
    expect(warnings()).toEqual([])
  })

  test('without ALLOWED_DIRS works in private folders only, and says so', () => {
    const { ALLOWED_DIRS: _, ...others } = env()
    const configuration = loadConfiguration([], others)
    expect(configuration.allowedDirs()).toEqual([])
    expect(configuration.warnings()).toMatchObject([{ code: 'NO_FOLDERS' }])
  })
})

test('folders are separated by commas or as the platform does', () => {
  expect(splitDirs('/a:/b,/c', 'linux')).toEqual(['/a', '/b', '/c'])
  expect(splitDirs('C:\\Users\\you\\code', 'win32')).toEqual(['C:\\Users\\you\\code'])
  expect(splitDirs('C:\\a;D:\\b, E:\\c', 'win32')).toEqual(['C:\\a', 'D:\\b', 'E:\\c'])
  expect(splitDirs('C:/Users/you/code', 'win32')).toEqual(['C:/Users/you/code'])
  expect(splitDirs('', 'linux')).toEqual([])
})

test('an option that is none is refused in one line', () => {
  for (const argv of [['--data-dirr', 'x'], ['x'], ['--data-dir']]) {
    expect(() => loadConfiguration(argv, {})).toThrow(ConfigurationError)
  }
  expect(() => loadConfiguration(['--data-dir', join(dataDir, 'gone')], {})).toThrow(/does not exist/)
})

describe('the identity of a runner', () => {
  const file = () => join(dataDir, 'runner.json')

  test('stays, in a file that is whole', () => {
    const identity = readIdentity(dataDir)
    expect(readIdentity(dataDir)).toBe(identity)
    expect(readdirSync(dataDir)).toEqual(['runner.json'])
  })

  test.each(['', '{"identity":"3f2', '\0\0\0\0', '{"identity":7}', '[]', 'null'])(
    'is made anew where the file holds %j, which is put beside',
    torn => {
      writeFileSync(file(), torn)
      const identity = readIdentity(dataDir)
      expect(readIdentity(dataDir)).toBe(identity)
      expect(readFileSync(`${file()}.bad`, 'utf8')).toBe(torn)
    }
  )

  test('that cannot be read is one line', () => {
    mkdirSync(file())
    expect(() => readIdentity(dataDir)).toThrow(ConfigurationError)
  })
})

test.each(['', '{"allowedDirs":["/a', '{}', 'null'])(
  'settings that hold %j are one line that says what helps',
  torn => {
    writeFileSync(join(dataDir, 'runner-settings.json'), torn)
    const { allowedDirs } = loadConfiguration(['--data-dir', dataDir], {})
    expect(allowedDirs).toThrow(/runner-settings.json cannot be read. Start Flotilla again/)
  }
)
