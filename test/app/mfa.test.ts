import { readFileSync, rmSync } from 'node:fs'
import { join as joinPath } from 'node:path'
import { generateSync } from 'otplib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as logins from '#contract/people/login'
import { testClock } from '../kit/clock.ts'
import { join, type Person } from '../kit/people.ts'
import { type App, startApp } from '../kit/start-app.ts'

const clock = testClock()
let app: App

beforeAll(async () => {
  app = await startApp({ clock })
})
afterAll(() => app.close())

const stepMs = 30_000
const codeOf = (secret: string) => generateSync({ secret, epoch: clock.now() / 1000 })
const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

async function enrolled(): Promise<Person & { token: string; secret: string; recoveryCodes: string[] }> {
  const person = await join(app, 'member')
  const { secret, recoveryCodes } = await app.call(logins.enrolMfa, {}, person.token)
  await app.call(logins.confirmMfa, { body: { code: codeOf(secret) } }, person.token)
  clock.advance(stepMs)
  return { ...person, secret, recoveryCodes }
}

async function firstStep({ email, password }: Person): Promise<string> {
  const answer = await app.call(logins.login, { body: { email, password } })
  if (!answer.mfaRequired) throw new Error('no code was asked for')
  return answer.mfaToken
}

const secondStep = (mfaToken: string, code: string) =>
  app.request('POST', logins.verifyMfa.path, { token: null, body: { mfaToken, code, as: 'token' } })

describe('enrolment', () => {
  test('gives what an authenticator scans and ten recovery codes, and is in force once a code confirmed it', async () => {
    const person = await join(app, 'viewer')
    const { secret, otpauthUrl, recoveryCodes } = await app.call(logins.enrolMfa, {}, person.token)
    const url = new URL(otpauthUrl)
    expect([url.protocol, url.host, url.searchParams.get('secret'), url.searchParams.get('issuer')]).toEqual([
      'otpauth:',
      'totp',
      secret,
      'Flotilla'
    ])
    expect(new Set(recoveryCodes).size).toBe(10)
    const body = { email: person.email, password: person.password }
    expect(await app.call(logins.login, { body })).toMatchObject({ mfaRequired: false })
    const refused = await app.request('POST', logins.confirmMfa.path, {
      token: person.token,
      body: { code: wrong(codeOf(secret)) }
    })
    expect([refused.status, refused.error.code]).toEqual([403, 'WRONG_CODE'])
    const { user } = await app.call(logins.confirmMfa, { body: { code: codeOf(secret) } }, person.token)
    expect(user.mfaEnabled).toBe(true)
    expect(await app.call(logins.login, { body })).toEqual({ mfaRequired: true, mfaToken: expect.any(String) })
  })

  test('does not replace what is in force, and leaves neither secret nor codes in the data folder', async () => {
    const { token, secret, recoveryCodes } = await enrolled()
    const again = await app.request('POST', logins.enrolMfa.path, { token, body: {} })
    expect([again.status, again.error.code]).toEqual([409, 'MFA_STATE'])
    for (const file of ['flotilla.db', 'flotilla.db-wal'])
      for (const kept of [secret, ...recoveryCodes])
        expect(readFileSync(joinPath(app.dataDir, file)).includes(kept)).toBe(false)
  })

  test.each([
    [logins.confirmMfa.path, 'MFA_STATE'],
    [logins.disableMfa.path, 'MFA_STATE']
  ])('%s without one is refused', async (path, code) => {
    const { token } = await join(app, 'member')
    expect((await app.request('POST', path, { token, body: { code: '123456' } })).error.code).toBe(code)
  })
})

describe('a login with two steps', () => {
  test('gives nothing but a token for the second step, which opens nothing else', async () => {
    const person = await enrolled()
    const answer = await app.request('POST', logins.login.path, {
      token: null,
      body: { email: person.email, password: person.password }
    })
    expect(answer.headers.get('set-cookie')).toBeNull()
    const mfaToken = await firstStep(person)
    expect((await app.request('GET', '/api/v1/me', { token: mfaToken })).status).toBe(401)
    const done = await secondStep(mfaToken, codeOf(person.secret))
    expect(done.body).toMatchObject({ mfaRequired: false, user: { id: person.id } })
    const { token } = done.body as { token: string }
    expect((await app.request('GET', '/api/v1/me', { token })).status).toBe(200)
    expect((await secondStep(mfaToken, codeOf(person.secret))).status).toBe(401)
  })

  test('says so when the key of the data folder changed; a recovery code still opens', async () => {
    const person = await enrolled()
    rmSync(joinPath(app.dataDir, 'data.key'))
    await app.restart()
    const mfaToken = await firstStep(person)
    const refused = await secondStep(mfaToken, codeOf(person.secret))
    expect([refused.status, refused.error.code]).toEqual([409, 'MFA_STATE'])
    expect(refused.error.message).toContain('recovery code')
    expect((await secondStep(mfaToken, person.recoveryCodes[0] ?? '')).status).toBe(200)
  })

  test('takes a code once', async () => {
    const person = await enrolled()
    const code = codeOf(person.secret)
    const [one, two] = [await firstStep(person), await firstStep(person)]
    const answers = await Promise.all([secondStep(one, code), secondStep(two, code)])
    expect(answers.map(answer => answer.status).sort()).toEqual([200, 401])
    clock.advance(stepMs)
    expect((await secondStep(await firstStep(person), codeOf(person.secret))).status).toBe(200)
  })

  test('takes the code of a clock that is a step off, not of one that is three', async () => {
    const person = await enrolled()
    const code = codeOf(person.secret)
    clock.advance(stepMs)
    expect((await secondStep(await firstStep(person), code)).status).toBe(200)
    const old = codeOf(person.secret)
    clock.advance(3 * stepMs)
    expect((await secondStep(await firstStep(person), old)).status).toBe(401)
  })

  test('takes each recovery code once, however it is typed', async () => {
    const person = await enrolled()
    const [first = '', second = ''] = person.recoveryCodes
    expect((await secondStep(await firstStep(person), first)).status).toBe(200)
    expect((await secondStep(await firstStep(person), first)).status).toBe(401)
    const typed = second.toUpperCase().replaceAll('-', ' ')
    expect((await secondStep(await firstStep(person), typed)).status).toBe(200)
  })

  test('must end within five minutes', async () => {
    const person = await enrolled()
    const mfaToken = await firstStep(person)
    clock.advance(5 * 60_000)
    expect((await secondStep(mfaToken, codeOf(person.secret))).status).toBe(401)
  })

  test('lets nobody guess codes', async () => {
    const person = await enrolled()
    const mfaToken = await firstStep(person)
    const statuses: number[] = []
    for (let n = 0; n < 10; n++) statuses.push((await secondStep(mfaToken, wrong(codeOf(person.secret)))).status)
    expect(new Set(statuses)).toEqual(new Set([401]))
    const right = await secondStep(mfaToken, codeOf(person.secret))
    expect([right.status, Number(right.headers.get('retry-after')) > 0]).toEqual([429, true])
    clock.advance(16 * 60_000)
    expect((await secondStep(await firstStep(person), codeOf(person.secret))).status).toBe(200)
  })

  test.each([
    [{}, 'mfaToken'],
    [{ mfaToken: 'x' }, 'code'],
    [{ mfaToken: 'x', code: 123456 }, 'code']
  ])('refuses %j by the name of the field', async (body, field) => {
    const answer = await app.request('POST', logins.verifyMfa.path, { token: null, body })
    expect([answer.status, answer.error.field]).toEqual([400, field])
  })
})

test('it is turned off with a code, and then a password is enough again', async () => {
  const person = await enrolled()
  const refused = await app.request('POST', logins.disableMfa.path, {
    token: person.token,
    body: { code: wrong(codeOf(person.secret)) }
  })
  expect([refused.status, refused.error.code]).toEqual([403, 'WRONG_CODE'])
  const { user } = await app.call(logins.disableMfa, { body: { code: codeOf(person.secret) } }, person.token)
  expect(user.mfaEnabled).toBe(false)
  const body = { email: person.email, password: person.password }
  expect(await app.call(logins.login, { body })).toMatchObject({ mfaRequired: false })
})
