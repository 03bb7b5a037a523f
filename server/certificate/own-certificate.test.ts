import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ConfigError } from '../config.ts'
import { makeCertificate } from './make/make-certificate.ts'
import { namesOf, outerNames } from './names.ts'
import { OwnCertificate } from './own-certificate.ts'

const dayMs = 24 * 3_600_000
const names = ['localhost', '127.0.0.1', '::1', 'fleet.example', '192.168.1.5', '2001:db8::1']

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'flotilla-certificate-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

function opening(more: Partial<Parameters<typeof OwnCertificate.open>[0]> = {}) {
  const make = vi.fn(makeCertificate)
  return { make, open: () => OwnCertificate.open({ dataDir, names: () => names, make, now: Date.now, ...more }) }
}

test('is made once, for every name, and lies in the data folder for its user alone', async () => {
  const { make, open } = opening()
  const own = await open()
  const certificate = new X509Certificate(own.pems.cert)
  for (const name of ['localhost', 'fleet.example']) expect(certificate.checkHost(name)).toBe(name)
  for (const address of names.slice(4)) expect(certificate.checkIP(address)).toBe(address)
  expect(certificate.checkHost('elsewhere.example')).toBeUndefined()
  expect([certificate.ca, certificate.verify(certificate.publicKey)]).toEqual([false, true])
  for (const file of ['certificate.key', 'certificate.pem'])
    expect((statSync(join(dataDir, file)).mode & 0o777).toString(8)).toBe('600')
  expect(readdirSync(dataDir).sort()).toEqual(['certificate.key', 'certificate.pem'])
  const again = await open()
  expect(again.pems).toEqual(own.pems)
  expect(make).toHaveBeenCalledOnce()
})

test.each([
  ['ends soon', { now: () => Date.now() + 310 * dayMs }],
  ['is for other names', { names: () => [...names, 'another.example'] }],
  ['begins in the future', { now: () => Date.now() - 30 * dayMs }]
])('one that %s is made anew with the same key', async (_, changed) => {
  const own = await opening().open()
  const other = await opening(changed).open()
  expect(other.pems.cert).not.toBe(own.pems.cert)
  expect([other.pin, other.pems.key]).toEqual([own.pin, own.pems.key])
})

test('is renewed while it is in use, before it ends, and tried again later where that fails', async () => {
  let time = Date.now()
  const { make, open } = opening({ now: () => time })
  const own = await open()
  const first = own.pems.cert
  expect(await own.renewed()).toBeNull()
  time += 320 * dayMs
  make.mockRejectedValueOnce(new Error('the disk is full'))
  expect([await own.renewed(), await own.renewed()]).toEqual([null, null])
  time += dayMs
  const fresh = await own.renewed()
  expect(fresh?.cert).not.toBe(first)
  expect(own.pems).toEqual(fresh)
  expect(make).toHaveBeenCalledTimes(3)
  expect(readFileSync(join(dataDir, 'certificate.pem'), 'utf8')).toBe(fresh?.cert)
})

test('a certificate that cannot be read, or is of another key, is made anew', async () => {
  const own = await opening().open()
  for (const torn of ['', own.pems.cert.slice(0, 90)]) {
    writeFileSync(join(dataDir, 'certificate.pem'), torn)
    expect((await opening().open()).pin).toBe(own.pin)
  }
  rmSync(join(dataDir, 'certificate.key'))
  expect((await opening().open()).pin).not.toBe(own.pin)
})

test('a key that cannot be read is no reason to take another one silently', async () => {
  await opening().open()
  writeFileSync(join(dataDir, 'certificate.key'), 'torn')
  await expect(opening().open()).rejects.toThrow(/certificate.key holds no key. Put it back/)
})

test('where none can be made the reason stands beside the ways out', async () => {
  const { open } = opening({ make: () => Promise.reject(new Error('no room')) })
  await expect(open()).rejects.toThrow(ConfigError)
  await expect(open()).rejects.toThrow(/No certificate could be made in .*: no room. Give --tls-cert/)
})

test('names are those by which others get here: bridges of containers and link-local ones lead nowhere', () => {
  const info = (address: string, more = {}) => ({ address, family: 'IPv4', internal: false, ...more }) as never
  const interfaces = {
    lo: [info('127.0.0.1', { internal: true })],
    docker0: [info('172.17.0.1')],
    eth0: [info('fe80::1', { family: 'IPv6' }), info('2001:db8::1', { family: 'IPv6' }), info('192.168.1.5')]
  }
  const of = (host: string, hostNames: string[] = []) => outerNames({ host, hostNames }, interfaces)
  expect(of('127.0.0.1', ['fleet.example'])).toEqual([])
  expect(of('0.0.0.0', ['fleet.example', 'proxy.example:8443'])).toEqual(['fleet.example', '192.168.1.5'])
  expect(of('::')).toEqual(['192.168.1.5', '2001:db8::1'])
  expect(of('10.0.0.7')).toEqual(['10.0.0.7'])
  expect(namesOf({ host: '10.0.0.7', hostNames: [] })).toEqual(['localhost', '127.0.0.1', '::1', '10.0.0.7'])
})
