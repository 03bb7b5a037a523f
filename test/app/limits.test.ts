import { randomBytes } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { RateLimited } from '#contract/errors'
import { createKey } from '#contract/people/keys'
import { createLimiter, type Limit } from '../../server/http/limits/limits.ts'
import { openStore, type Store } from '../../server/store/store.ts'
import { createVault, keyBytes } from '../../server/vault/vault.ts'
import { type App, type AppOptions, startApp, temporaryFolder } from '../kit/start-app.ts'

let app: App | null = null
let store: Store | null = null
let now = Date.now()
const clock = { now: () => now, steady: () => now }

afterEach(async () => {
  await app?.close()
  await store?.close()
  app = store = null
})

async function start(options: AppOptions = {}) {
  app = await startApp({ clock, ...options })
  const { key } = await app.call(createKey, { body: { name: 'client', style: 'fleetrun' } })
  return { app, key }
}

async function take(plane: App, path: string, token: string, times: number): Promise<number[]> {
  const statuses: number[] = []
  for (let n = 0; n < times; n++) statuses.push((await plane.request('GET', path, { token })).status)
  return statuses
}

describe('a face', () => {
  test('takes as many requests of a token as its document says, and more as they leave the window', async () => {
    const { app: plane, key } = await start()
    const path = '/fleetrun/api/agents'
    expect(new Set(await take(plane, path, key, 120))).toEqual(new Set([200]))
    const refused = await plane.request('GET', path, { token: key })
    expect([refused.status, refused.body]).toEqual([
      429,
      { error: expect.stringContaining('120 requests in a minute') }
    ])
    const wait = Number(refused.headers.get('retry-after'))
    expect(wait).toBeGreaterThan(0)
    expect(wait).toBeLessThanOrEqual(60)
    now += wait * 1000
    expect((await plane.request('GET', path, { token: key })).status).toBe(200)
    now += 60_000
  })

  test('counts for itself, and each token for itself', async () => {
    const { app: plane, key } = await start()
    await take(plane, '/fleetrun/api/agents', key, 121)
    expect(await take(plane, '/api/v1/agents', key, 1)).toEqual([200])
    const other = await plane.call(createKey, { body: { name: 'other', style: 'fleetrun' } })
    expect(await take(plane, '/fleetrun/api/agents', other.key, 1)).toEqual([200])
  })

  test('counts what comes to the root together with what comes under its prefix', async () => {
    const { app: plane, key } = await start({ args: ['--limits', 'fleetrun=2'] })
    expect(await take(plane, '/api/agents', key, 1)).toEqual([200])
    expect(await take(plane, '/fleetrun/api/agents', key, 2)).toEqual([200, 429])
  })

  test('has other limits, or none, when the settings say so', async () => {
    const { app: plane, key } = await start({ env: { FLOTILLA_LIMITS: 'fleetrun=0, native=3' } })
    expect(new Set(await take(plane, '/fleetrun/api/agents', key, 130))).toEqual(new Set([200]))
    expect(await take(plane, '/api/v1/agents', key, 4)).toEqual([200, 200, 200, 429])
  })
})

test.each([
  ['flettrun=5', 'there is no limit "flettrun". There are .*fleetrun, .*native'],
  ['fleetrun', 'takes pairs such as fleetrun=240; "fleetrun" is not one'],
  ['fleetrun=-1', '"fleetrun=-1" is not one']
])('a setting of limits such as %s is refused in words', async (limits, words) => {
  await expect(startApp({ args: ['--limits', limits] })).rejects.toThrow(new RegExp(words))
})

describe('a limit over more than a minute', () => {
  const long: Limit = { id: 'long', requests: 3, windowMs: 15 * 60_000, by: 'address' }
  const short: Limit = { id: 'short', requests: 3, windowMs: 60_000, by: 'address' }

  function open(folder: string) {
    store = openStore(folder, {
      workers: '/nowhere',
      vault: createVault(randomBytes(keyBytes)),
      clock,
      onError: () => undefined
    })
    return createLimiter({ store, clock }, {})
  }

  async function close() {
    await store?.close()
    store = null
  }

  test('is remembered over a restart, a short one is not', async () => {
    const folder = temporaryFolder()
    const before = open(folder)
    for (let n = 0; n < 3; n++) before.take([long, short], 'me')
    expect(() => before.take([long], 'me')).toThrow(RateLimited)
    await close()
    const after = open(folder)
    expect(() => after.take([long], 'me')).toThrow('3 requests in 15 minutes')
    expect(() => after.take([short], 'me')).not.toThrow()
    expect(() => after.take([long], 'another')).not.toThrow()
    now += 15 * 60_000
    expect(() => after.take([long], 'me')).not.toThrow()
  })

  test('counts nothing where another of the limits refuses', async () => {
    const limiter = open(temporaryFolder())
    const one: Limit = { ...short, id: 'one', requests: 1 }
    limiter.take([one, short], 'me')
    for (let n = 0; n < 5; n++) expect(() => limiter.take([short, one], 'me')).toThrow('1 requests')
    expect(() => limiter.take([short], 'me')).not.toThrow()
    expect(() => limiter.take([short], 'me')).not.toThrow()
    expect(() => limiter.take([short], 'me')).toThrow(RateLimited)
  })

  test('keeps no more subjects than it says, in memory and on disk, however many come', async () => {
    const folder = temporaryFolder()
    const limiter = open(folder)
    for (let n = 0; n < 10_500; n++) limiter.take([long], `address ${n}`)
    await store?.writer.write(() => undefined)
    expect(store?.limits.since('long', 0).length).toBe(10_000)
    expect(limiter.tracked()).toBe(10_000)
  })
})
