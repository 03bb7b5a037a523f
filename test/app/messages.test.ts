import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAgent } from '#contract/fleet/agents'
import { listMessages, listThreads, sendMessage } from '#contract/work/messages'
import { createTask } from '#contract/work/tasks'
import { join } from '../kit/people.ts'
import { type App, startApp } from '../kit/start-app.ts'

let app: App

beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app.close())

test('an answer joins the thread, and the task, of what it answers', async () => {
  const { id: taskId } = await app.call(createTask, { body: { title: 'Threads', input: 'x' } })
  const first = await app.call(sendMessage, { body: { text: 'Which?', taskId } })
  const answer = await app.call(sendMessage, { body: { text: 'This', replyTo: first.id } })
  const second = await app.call(sendMessage, { body: { text: 'Thanks', replyTo: answer.id } })
  expect([first.replyTo, answer.replyTo, second.replyTo]).toEqual([null, first.id, answer.id])
  expect([first, answer, second].map(message => [message.threadId, message.taskId])).toEqual(
    Array(3).fill([taskId, taskId])
  )
  const { data } = await app.call(listMessages, { query: { thread: taskId } })
  expect(data.map(message => message.text)).toEqual(['Thanks', 'This', 'Which?'])
})

test('threads stand by the newest message that matches, and say how many they have in all', async () => {
  const alone = await app.call(sendMessage, { body: { text: 'Nobody answers QUIETLY' } })
  const first = await app.call(sendMessage, { body: { text: 'Loud and quietly' } })
  await app.call(sendMessage, { body: { text: 'Only loud', replyTo: first.id } })
  const threads = async (query: Record<string, string | number>) => {
    const { data, pagination } = await app.call(listThreads, { query })
    return { found: data.map(thread => [thread.id, thread.messages, thread.last.text]), total: pagination.total }
  }
  expect((await threads({ limit: 2 })).found).toEqual([
    [first.id, 2, 'Only loud'],
    [alone.id, 1, 'Nobody answers QUIETLY']
  ])
  expect(await threads({ search: 'quietly' })).toEqual({
    found: [
      [first.id, 2, 'Loud and quietly'],
      [alone.id, 1, 'Nobody answers QUIETLY']
    ],
    total: 2
  })
})

test('an answer to nothing names the field', async () => {
  const { status, body } = await app.request('POST', '/api/v1/messages', { body: { text: 'x', replyTo: 'nothing' } })
  expect([status, body]).toMatchObject([
    400,
    { error: { code: 'INVALID_REQUEST', details: [{ path: 'replyTo', message: 'no such message' }] } }
  ])
})

test('who sees a part of the fleet sees the threads of that part, by what is seen of them', async () => {
  const theirs = await join(app, 'member')
  const { id: agentId } = await app.call(createAgent, { body: { name: 'of the owner' } })
  const secret = await app.call(sendMessage, { body: { to: agentId, text: 'Between us' } })
  const asked = await app.request('POST', '/api/v1/messages', {
    body: { text: 'x', replyTo: secret.id },
    token: theirs.token
  })
  expect(asked.status).toBe(400)
  const { body } = await app.request('GET', `/api/v1/messages/threads?agent=user`, { token: theirs.token })
  expect(JSON.stringify(body)).not.toContain('Between us')
})
