import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { listAudit } from '#contract/audit/audit'
import { createKey, deleteKey, listKeys } from '#contract/people/keys'
import { changeUser } from '#contract/people/users'
import { readPairingCode, writePairingCode } from '#contract/runners/pairing-code'
import { createPairing, deletePairing, getPairing, listPairings, redeemPairing } from '#contract/runners/pairings'
import { registerRunner } from '#contract/runners/runner-protocol'
import { listRunners } from '#contract/runners/runners'
import { getSystem } from '#contract/system'
import { testClock } from '../kit/clock.ts'
import { join as joinAs } from '../kit/people.ts'
import { type App, startApp, temporaryFolder } from '../kit/start-app.ts'

const runnerFile = join(import.meta.dirname, '../../out/runner/agentfleet-runner.mjs')
const clock = testClock(Date.now())
const pairedElsewhere = 'x'.repeat(43)

let app: App
let home: string
const children: ChildProcess[] = []

// Beyond loopback, with nothing said of TLS: the certificate is its own. All runners call it by a name of this computer.
beforeAll(async () => {
  app = await startApp({ args: ['--host', '0.0.0.0', '--host-names', 'localhost'], clock })
  home = temporaryFolder()
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})
afterAll(async () => {
  await app.close()
  rmSync(home, { recursive: true, force: true, maxRetries: 5 })
})

function startRunner(folder: string, env: Record<string, string>, ...args: string[]) {
  const child = spawn(process.execPath, [runnerFile, ...args], {
    env: { PATH: '/usr/bin:/bin', HOME: home, SHELL: '/bin/sh', FLOTILLA_RUNNER_DIR: join(home, folder), ...env },
    stdio: ['ignore', 'ignore', 'pipe']
  })
  let said = ''
  child.stderr?.on('data', chunk => (said += chunk))
  children.push(child)
  const ended = once(child, 'close').then(([code]) => ({ code, said: said.trim() }))
  return { child, ended }
}

async function newCode(name?: string) {
  const pairing = await app.call(createPairing, { body: name === undefined ? {} : { name } })
  const parts = readPairingCode(pairing.code)
  if (parts === null) throw new Error('no code')
  return { ...pairing, ...parts }
}

const online = async () =>
  (await app.call(listRunners)).data.filter(({ status }) => status === 'online').map(({ name }) => name)

const redeem = (secret: string, identity: string = randomUUID()) =>
  app.request('POST', redeemPairing.path, { token: null, body: { secret, identity, hostname: 'box' } })

test('a runner joins by a code over TLS that it pins, and needs none when it starts again', async () => {
  const pairing = await newCode('studio-2')
  expect(pairing).toMatchObject({
    address: expect.stringMatching(/^https:\/\/localhost:\d+$/),
    pinned: true,
    usedAt: null
  })
  expect((await app.call(getSystem)).addresses[0]).toBe(pairing.address)
  const first = startRunner('studio', { AGENTFLEET_PAIRING: pairing.code })
  await expect.poll(online).toEqual(['studio-2'])
  const used = await app.call(getPairing, { params: { id: pairing.id } })
  expect(used).toMatchObject({ usedBy: expect.any(String), usedAt: expect.any(String) })
  const written = (await app.call(listAudit, { query: { limit: 100 } })).data.map(({ action }) => action)
  expect(written).toEqual(expect.arrayContaining(['pairing.created', 'pairing.changed', 'key.created']))
  expect((await app.call(listKeys)).data.find(({ id }) => id === used.keyId)).toMatchObject({
    name: 'Runner studio-2',
    scopes: ['runner']
  })
  first.child.kill('SIGTERM')
  expect((await first.ended).code).toBe(0)
  const folder = join(home, 'studio')
  const kept = readFileSync(join(folder, 'connection.json'), 'utf8')
  expect(kept).not.toContain(pairing.secret)
  expect((statSync(join(folder, 'connection.json')).mode & 0o777).toString(8)).toBe('600')
  // The code still stands where it stood, or does not.
  for (const env of [{ AGENTFLEET_PAIRING: pairing.code }, {}]) {
    const again = startRunner('studio', env as Record<string, string>)
    await expect.poll(online).toEqual(['studio-2'])
    again.child.kill('SIGTERM')
    expect((await again.ended).code).toBe(0)
  }
  await app.call(deletePairing, { params: { id: pairing.id } })
  const { code, said } = await startRunner('studio', {}).ended
  expect({ code, said }).toEqual({
    code: 2,
    said: expect.stringMatching(/the key that this runner got when it was paired.*Pair it again/)
  })
})

test('nothing is told to who answers in the place of the control plane, neither at the first call nor later', async () => {
  const { address, secret, code, id } = await newCode()
  const stranger = await startRunner('stranger', {
    AGENTFLEET_PAIRING: writePairingCode({ address, secret, pin: pairedElsewhere })
  }).ended
  expect(stranger).toEqual({
    code: 2,
    said: expect.stringMatching(/^Not paired: whoever answers at https.* is not the control plane that made this code/)
  })
  expect((await app.call(getPairing, { params: { id } })).usedAt).toBeNull()
  expect(existsSync(join(home, 'stranger/connection.json'))).toBe(false)
  // As the first argument, too.
  const paired = startRunner('later', {}, code)
  await expect.poll(online).toHaveLength(1)
  paired.child.kill('SIGTERM')
  await paired.ended
  const file = join(home, 'later/connection.json')
  const { pin } = JSON.parse(readFileSync(file, 'utf8'))
  writeFileSync(file, readFileSync(file, 'utf8').replace(pin, pairedElsewhere))
  const { code: exit, said } = await startRunner('later', {}).ended
  expect({ exit, said }).toEqual({
    exit: 2,
    said: expect.stringMatching(/does not have the key that this runner was paired with, and was told nothing/)
  })
})

test('each way in which a code is no good has its own words, and ends with 2', async () => {
  const used = await newCode()
  expect((await redeem(used.secret)).status).toBe(201)
  const voided = await newCode()
  await app.call(deletePairing, { params: { id: voided.id } })
  const old = await newCode()
  const gone = writePairingCode({ address: 'http://127.0.0.1:9', secret: old.secret, pin: null })
  clock.advance(11 * 60_000)
  const words = [
    [used.code, /was used by box; it works once. Make another one/],
    [voided.code, /There is no such pairing code: it was voided/],
    [old.code, /is too old: it lasted 10 minutes. Make another one/],
    [old.code.replace('@', 'x@'), /This is no pairing code, or it was mistyped/],
    [gone, /127.0.0.1:9 does not answer.*was not used up/]
  ] as const
  const ends = words.map(([code], n) => startRunner(`bad-${n}`, { AGENTFLEET_PAIRING: code }).ended)
  for (const [n, { code, said }] of (await Promise.all(ends)).entries())
    expect({ code, said }).toEqual({ code: 2, said: expect.stringMatching(words[n]?.[1] ?? '') })
  const both = { AGENTFLEET_PAIRING: old.code, AGENTFLEET_API_KEY: 'x' }
  expect((await startRunner('both', both).ended).said).toMatch(/Give one or the other/)
})

test('a machine whose answer got lost may ask again until it has used its key, and nobody else may', async () => {
  const identity = randomUUID()
  const { secret, id } = await newCode()
  const keys = [await redeem(secret, identity), await redeem(secret, identity)].map(
    answer => (answer.body as { key: string }).key
  )
  const come = (key = '') => app.request('POST', registerRunner.path, { token: key, body: {} })
  expect((await come(keys[0])).status).toBe(401)
  expect((await redeem(secret)).error.code).toBe('PAIRING_USED')
  expect((await come(keys[1])).status).toBe(400)
  await expect.poll(async () => (await redeem(secret, identity)).error.code).toBe('PAIRING_USED')
  const { keyId } = await app.call(getPairing, { params: { id } })
  await app.call(deleteKey, { params: { id: keyId ?? '' } })
  expect((await redeem(secret, identity)).error.code).toBe('PAIRING_USED')
})

test('a code is worth what whoever made it may do by now, and is kept as a hash', async () => {
  const admin = await joinAs(app, 'admin')
  const { code } = await app.call(createPairing, { body: {} }, admin.token)
  const secret = readPairingCode(code)?.secret ?? ''
  await app.call(changeUser, { params: { id: admin.id }, body: { role: 'member' } })
  expect((await redeem(secret)).error.code).toBe('PAIRING_UNKNOWN')
  for (const file of readdirSync(app.dataDir).filter(name => name.startsWith('flotilla.db')))
    expect(readFileSync(join(app.dataDir, file)).includes(secret)).toBe(false)
  expect(JSON.stringify((await app.call(listPairings)).data)).not.toContain(secret)
})

test('an address of a proxy is pinned to nothing, and what is none is refused', async () => {
  const at = (address: string) => app.request('POST', createPairing.path, { body: { address } })
  expect((await at('https://fleet.example/flotilla/?x')).body).toMatchObject({
    address: 'https://fleet.example/flotilla',
    pinned: false
  })
  for (const address of ['fleet.example', 'ftp://fleet.example', ''])
    expect((await at(address)).error.field).toBe('address')
})

test('guesses are counted', async () => {
  const key = (await app.call(createKey, { body: { name: 'spare' } })).key
  const answers: number[] = []
  for (let n = 0; n < 31; n++) answers.push((await redeem('guess')).status)
  expect(answers.at(-1)).toBe(429)
  expect((await app.request('GET', '/api/v1/system', { token: key })).status).toBe(200)
})
