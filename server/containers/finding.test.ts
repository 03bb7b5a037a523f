import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parseAddress, shownAddress } from './address.ts'
import { EngineFault, faultOf } from './fault.ts'
import { type EngineSettings, findEngines } from './finding.ts'
import { troubleOf } from './trouble.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'flotilla-engines-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const settings = (more: Partial<EngineSettings> = {}): EngineSettings => ({
  platform: 'linux',
  home,
  runtimeDir: join(home, 'run'),
  host: null,
  context: null,
  configDir: join(home, '.docker'),
  tls: false,
  certDir: join(home, '.docker'),
  ...more
})

function file(path: string, content: unknown = ''): string {
  const full = join(home, path)
  mkdirSync(join(full, '..'), { recursive: true })
  writeFileSync(full, typeof content === 'string' ? content : JSON.stringify(content))
  return full
}

function context(name: string, host: string): void {
  const id = createHash('sha256').update(name).digest('hex')
  file(`.docker/contexts/meta/${id}/meta.json`, { Name: name, Endpoints: { docker: { Host: host } } })
}

const inShort = (found: ReturnType<typeof findEngines>) =>
  found.map(({ name, foundBy, isDefault, address }) => [name, foundBy, isDefault, address])

test('where nothing is, the usual engine is named: there is never none', () => {
  const [first] = findEngines(settings())
  expect(first).toMatchObject({ isDefault: true, foundBy: 'socket', address: 'unix:///var/run/docker.sock' })
  expect(findEngines(settings({ platform: 'win32' }))).toMatchObject([{ address: 'npipe:////./pipe/docker_engine' }])
})

test('DOCKER_HOST is the only one, with its certificates, and its id stays', () => {
  file('run/podman/podman.sock')
  const found = findEngines(settings({ host: 'tcp://10.0.0.5:2376', tls: true, certDir: '/certs' }))
  expect(inShort(found)).toEqual([['DOCKER_HOST', 'DOCKER_HOST', true, 'tcp://10.0.0.5:2376']])
  expect(found[0]?.at).toMatchObject({ host: '10.0.0.5', port: 2376, tls: { ca: '/certs/ca.pem' } })
  expect(findEngines(settings({ host: 'tcp://10.0.0.5:2376' }))[0]?.id).toBe(found[0]?.id)
})

test('the context in use comes first, DOCKER_CONTEXT before that of the file; others only where their socket lies here', () => {
  const colima = file('colima.sock')
  context('colima', `unix://${colima}`)
  context('gone', `unix://${home}/gone.sock`)
  context('office', 'tcp://office.example:2376')
  file('.docker/config.json', { currentContext: 'office', auths: { 'registry.example': { auth: 'c2VjcmV0' } } })
  const podman = file('run/podman/podman.sock')
  // The machine may have engines at addresses that are the same for all.
  const own = inShort(findEngines(settings())).filter(
    ([, , , address]) => !/^unix:\/\/(\/var)?\/run\//.test(String(address))
  )
  expect(own).toEqual([
    ['office', 'context', true, 'tcp://office.example:2376'],
    ['colima', 'context', false, `unix://${colima}`],
    ['podman', 'socket', false, `unix://${podman}`]
  ])
  expect(inShort(findEngines(settings({ context: 'colima' })))[0]).toEqual([
    'colima',
    'context',
    true,
    `unix://${colima}`
  ])
})

test('a context that is gone is said, and what cannot be read is passed over', () => {
  file('.docker/contexts/meta/broken/meta.json', '{')
  file('.docker/config.json', { currentContext: 'office' })
  const [first] = findEngines(settings())
  expect(first).toMatchObject({ name: 'office', isDefault: true, at: { code: 'NO_CONTEXT' } })
})

test('one socket under two names is one engine', () => {
  const socket = file('real.sock')
  mkdirSync(join(home, 'run/podman'), { recursive: true })
  symlinkSync(socket, join(home, 'run/podman/podman.sock'))
  context('mine', `unix://${socket}`)
  const found = findEngines(settings({ context: 'mine' }))
  expect(
    found.filter(({ at }) => !(at instanceof EngineFault) && at.kind === 'socket' && at.path.startsWith(home))
  ).toHaveLength(1)
})

test.each([
  ['unix:///run/docker.sock', { kind: 'socket', path: '/run/docker.sock' }],
  ['npipe:////./pipe/docker_engine', { kind: 'socket', path: '//./pipe/docker_engine' }],
  ['tcp://box', { kind: 'tcp', host: 'box', port: 2375, tls: null }],
  ['tcp://box:80', { kind: 'tcp', host: 'box', port: 80, tls: null }],
  ['10.0.0.5:2375', { kind: 'tcp', host: '10.0.0.5', port: 2375, tls: null }],
  ['tcp://[::1]:2375', { kind: 'tcp', host: '::1', port: 2375, tls: null }]
])('%s is read', (text, address) => {
  expect(parseAddress(text, null)).toEqual(address)
})

test.each([
  ['unix://docker.sock', 'BAD_ADDRESS'],
  ['npipe://docker_engine', 'BAD_ADDRESS'],
  ['gopher://box', 'BAD_ADDRESS'],
  ['tcp://', 'BAD_ADDRESS'],
  ['tcp://box:99999', 'BAD_ADDRESS'],
  ['tcp://box:2375/v1', 'BAD_ADDRESS'],
  ['tcp://me:hunter2@box', 'BAD_ADDRESS'],
  ['https://box', 'BAD_ADDRESS'],
  ['ssh://me@box', 'NOT_SUPPORTED']
])('%s is refused with %s and the way out', (text, code) => {
  const [first] = findEngines(settings({ host: text }))
  if (!first || !(first.at instanceof EngineFault)) throw new Error('it was taken')
  const trouble = troubleOf(first.at, first, 'linux')
  expect(trouble).toMatchObject({ code, message: expect.stringContaining('DOCKER_HOST') })
  expect(JSON.stringify({ ...first, trouble })).not.toContain('hunter2')
})

test('nobody is named in an address that is shown', () => {
  expect(shownAddress('ssh://me@box:22')).toBe('ssh://box:22')
  expect(shownAddress('me:pass@box:2375')).toBe('box:2375')
  expect(shownAddress('unix:///home/a@b/docker.sock')).toBe('unix:///home/a@b/docker.sock')
})

test.each([
  [{ code: 'ENOENT' }, 'NOT_THERE'],
  [{ code: 'ECONNREFUSED' }, 'NOT_ANSWERING'],
  [{ code: 'EACCES' }, 'NOT_ALLOWED'],
  [{ code: 'HPE_INVALID_CONSTANT' }, 'NOT_AN_ENGINE'],
  [{ code: 'CERT_HAS_EXPIRED' }, 'NOT_TRUSTED'],
  [{ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, 'NOT_TRUSTED'],
  [{ statusCode: 403 }, 'NOT_ALLOWED'],
  [{ statusCode: 404 }, 'NOT_AN_ENGINE'],
  [{ statusCode: 500 }, 'NOT_ANSWERING'],
  [{ name: 'TimeoutError' }, 'NOT_ANSWERING'],
  [undefined, 'NOT_ANSWERING']
])('%o is %s, and has a way out on every system', (error, code) => {
  const fault = faultOf(error)
  expect(fault.code).toBe(code)
  for (const platform of ['linux', 'darwin', 'win32'] as const)
    expect(troubleOf(fault, { name: 'local', address: 'unix:///x', foundBy: 'socket' }, platform).wayOut).toMatch(/\.$/)
})
