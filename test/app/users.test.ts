import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAgent, getAgent } from '#contract/fleet/agents'
import { changeMe, getMe } from '#contract/people/login'
import { changeUser, createUser, deleteUser, getUser, listUsers } from '#contract/people/users'
import { type App, startApp } from '../kit/start-app.ts'

let app: App

beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app.close())

describe('one person at one machine', () => {
  test('is the owner, without a password, and owns what was made', async () => {
    const { kind, user } = await app.call(getMe)
    expect(kind).toBe('owner')
    expect(user).toMatchObject({ email: 'owner@localhost', name: 'owner', role: 'owner', hasPassword: false })
    const { id } = await app.call(createAgent, { body: { name: 'Mine' } })
    expect((await app.call(getAgent, { params: { id } })).ownerId).toBe(user.id)
  })

  test('cannot be removed or demoted as long as nobody else is an owner', async () => {
    const { user } = await app.call(getMe)
    await expect(app.call(deleteUser, { params: { id: user.id } })).rejects.toThrow('LAST_OWNER')
    await expect(app.call(changeUser, { params: { id: user.id }, body: { role: 'admin' } })).rejects.toThrow(
      'LAST_OWNER'
    )
    const other = await app.call(createUser, { body: { email: 'second@example.com', role: 'owner' } })
    expect((await app.call(changeUser, { params: { id: user.id }, body: { role: 'admin' } })).role).toBe('admin')
    // The token of this computer is whoever owns it by now.
    expect((await app.call(getMe)).user.id).toBe(other.id)
    await app.call(changeUser, { params: { id: user.id }, body: { role: 'owner' } })
    await app.call(deleteUser, { params: { id: other.id } })
    expect((await app.call(getMe)).user.id).toBe(user.id)
  })
})

describe('people', () => {
  test('are added, listed, changed and removed', async () => {
    const body = { email: ' Ada@Example.com ', name: 'Ada', role: 'member', password: 'correct horse' }
    const ada = await app.call(createUser, { body })
    expect(ada).toMatchObject({ email: 'ada@example.com', name: 'Ada', role: 'member', hasPassword: true })
    const { data, pagination } = await app.call(listUsers)
    expect([data[0], pagination.total]).toEqual([ada, 2])
    const changed = await app.call(changeUser, { params: { id: ada.id }, body: { name: 'Ada L.', role: 'viewer' } })
    expect(changed).toEqual({ ...ada, name: 'Ada L.', role: 'viewer' })
    expect(await app.call(getUser, { params: { id: ada.id } })).toEqual(changed)
    await app.call(deleteUser, { params: { id: ada.id } })
    await expect(app.call(getUser, { params: { id: ada.id } })).rejects.toThrow('NOT_FOUND')
  })

  test('are answered without anything of their passwords', async () => {
    const password = 'never seen again'
    await app.call(createUser, { body: { email: 'secret@example.com', password } })
    for (const path of [listUsers.path, getMe.path]) {
      const { text } = await app.request('GET', path)
      expect(text).not.toContain('argon2')
      expect(text).not.toContain(password)
    }
  })

  test.each([
    ['no email', {}, 'email'],
    ['an email without @', { email: 'nobody' }, 'email'],
    ['an email that is not text', { email: 7 }, 'email'],
    ['an email of 300 characters', { email: `${'a'.repeat(300)}@example.com` }, 'email'],
    ['a role that there is not', { email: 'a@b.c', role: 'god' }, 'role'],
    ['a short password', { email: 'a@b.c', password: '1234567' }, 'password'],
    ['a password of 300 characters', { email: 'a@b.c', password: 'x'.repeat(300) }, 'password'],
    ['an empty name', { email: 'a@b.c', name: '  ' }, 'name']
  ])('with %s are refused by the name of the field', async (_what, body, field) => {
    const answer = await app.request('POST', createUser.path, { body })
    expect([answer.status, answer.error.field]).toEqual([400, field])
  })

  test('share no email address, whatever its case', async () => {
    await app.call(createUser, { body: { email: 'once@example.com' } })
    const answer = await app.request('POST', createUser.path, { body: { email: 'ONCE@example.com' } })
    expect([answer.status, answer.error.code]).toEqual([409, 'EMAIL_TAKEN'])
  })

  test.each(['GET', 'PATCH', 'DELETE'])('%s of an unknown one is 404', async method => {
    const answer = await app.request(method, '/api/v1/users/nobody', method === 'GET' ? {} : { body: {} })
    expect([answer.status, answer.error.code]).toEqual([404, 'NOT_FOUND'])
  })

  test('are not changed by who saw an older state', async () => {
    const { id } = await app.call(createUser, { body: { email: 'twice@example.com' } })
    const etag = (await app.request('GET', `/api/v1/users/${id}`)).headers.get('etag') ?? ''
    const headers = { 'if-match': etag }
    const change = (name: string) => app.request('PATCH', `/api/v1/users/${id}`, { body: { name }, headers })
    expect((await change('First')).status).toBe(200)
    expect((await change('Second')).status).toBe(412)
  })

  test('made twice with one Idempotency-Key are made once', async () => {
    const send = () =>
      app.request('POST', createUser.path, {
        body: { email: 'idem@example.com', password: 'long enough' },
        headers: { 'idempotency-key': 'one' }
      })
    const [first, second] = [await send(), await send()]
    expect([first.status, second.status, second.text]).toEqual([201, 201, first.text])
  })
})

describe('my account', () => {
  test('gets a password, which later changes ask for', async () => {
    const app = await startApp()
    const first = await app.call(changeMe, { body: { email: 'me@example.com', password: 'first password' } })
    expect(first.user).toMatchObject({ email: 'me@example.com', hasPassword: true })
    for (const body of [
      { password: 'second password' },
      { email: 'new@example.com' },
      { password: 'second password', currentPassword: 'wrong' }
    ]) {
      const answer = await app.request('PUT', changeMe.path, { body })
      expect([answer.status, answer.error.code, answer.error.field]).toEqual([403, 'WRONG_PASSWORD', 'currentPassword'])
    }
    await app.call(changeMe, { body: { name: 'The owner' } })
    const body = { password: 'second password', currentPassword: 'first password' }
    expect((await app.call(changeMe, { body })).user.name).toBe('The owner')
    const back = await app.request('PUT', changeMe.path, { body })
    expect(back.status).toBe(403)
    await app.close()
  })
})
