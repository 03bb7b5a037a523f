import { createHmac, randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { listAudit } from '#contract/audit/audit'
import { getRun } from '#contract/runs/runs'
import { deleteFlow, type Flow, newWebhookSecret } from '#contract/work/flows'
import { hour, minute, withFlows } from '../kit/flows.ts'
import { nextQuestion, replyTo } from '../kit/runner-client.ts'

/** `.ci/long` sends a thousand. */
const messages = process.env.FLOTILLA_TEST_EVERYTHING ? 1000 : 250
const connections = 25

const { the, make, hourly, read, change, trigger, rows, runsOf, pass, expectRows, work } = withFlows({ apart: true })

describe('a pre-check', () => {
  const command = { type: 'command', program: 'test', args: ['-s', 'inbox'] }
  const checked = (more: Record<string, unknown> = {}) => hourly({ preCheck: { ...command, ...more } })

  test('lets a tick pass by the exit code of a command, before anything is paid for', async () => {
    const flow = await checked()
    await pass(hour)
    const asked = await nextQuestion(the.runner)
    expect(asked.question).toMatchObject({ ...command, type: 'tryCommand', folder: '/work-here/nova' })
    expect(await rows(flow)).toMatchObject([{ status: 'checking', runId: null }])
    await replyTo(the.app, the.runner, asked, { type: 'tryCommand', answer: { exitCode: 0, output: '' } })
    await expectRows(flow, { status: 'approved' })
  })

  test('skips it with the reason', async () => {
    const flow = await checked()
    await pass(hour)
    const asked = await nextQuestion(the.runner)
    await replyTo(the.app, the.runner, asked, { type: 'tryCommand', answer: { exitCode: 1, output: 'nothing new\n' } })
    await expectRows(flow, {
      status: 'skipped',
      runId: null,
      reason: { code: 'CHECK', message: 'The pre-check ended with 1: nothing new' }
    })
    expect(await runsOf(flow)).toEqual([])
  })

  test.each([
    ['run', { status: 'approved' }],
    ['skip', { status: 'skipped', reason: { code: 'CHECK_UNKNOWN' } }]
  ] as const)('that tells nothing does as the flow says: %s', async (ifUnknown, expected) => {
    const flow = await checked({ ifUnknown })
    await pass(hour)
    await replyTo(the.app, the.runner, await nextQuestion(the.runner), {
      type: 'cannot',
      why: 'failed',
      message: 'no such program'
    })
    await expectRows(flow, expected)
  })

  test('is not asked of who starts the flow by hand', async () => {
    expect(await trigger(await checked())).toMatchObject({ status: 'approved' })
  })

  test('by a file lets pass what changed since the last run', async () => {
    const flow = await hourly({ preCheck: { type: 'changed', watched: { type: 'file', path: 'inbox' } } })
    const look = async (state: string) => {
      await pass(hour)
      await replyTo(the.app, the.runner, await nextQuestion(the.runner), { type: 'look', answer: { state } })
    }
    await look('one')
    const [first] = await expectRows(flow, { status: 'approved' })
    await work(first?.runId ?? null)
  })
})

describe('a change', () => {
  test('of a ref starts a flow, but not what is there at first', async () => {
    const watched = { type: 'ref', ref: 'main' }
    const flow = await make({
      prompt: 'look at {{changed}}',
      triggers: [{ type: 'change', watched, everySeconds: 60 }]
    })
    const told = await nextQuestion(the.runner)
    expect(told.question).toEqual({ type: 'look', folder: '/work-here/nova', watched })
    await replyTo(the.app, the.runner, told, { type: 'look', answer: { state: 'object 1' } })
    await expect
      .poll(async () => (await read(flow)).triggers)
      .toMatchObject([{ lookedAt: new Date(the.clock.now()).toISOString(), problem: null }])
    expect(await rows(flow)).toEqual([])
  })
})

describe('a webhook', () => {
  const hooked = (more: Record<string, unknown> = {}) => make({ triggers: [{ type: 'webhook' }], ...more })
  const secretOf = async (flow: Flow) => {
    const params = { id: flow.id, triggerId: flow.triggers[0]?.id ?? '' }
    return await the.app.call(newWebhookSecret, { params })
  }
  interface Sent {
    id?: string
    at?: number
    body?: string
    signature?: string
  }
  function send({ secret, path }: { secret: string; path: string }, sent: Sent = {}) {
    const { id = randomUUID(), at = the.clock.now(), body = '{"x":1}' } = sent
    const timestamp = String(Math.floor(at / 1000))
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
    const right = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
    return the.app.request('POST', path, {
      token: null,
      body,
      headers: {
        'content-type': 'text/plain',
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': sent.signature ?? `v1,${right}`
      }
    })
  }

  test('starts its flow with what it brought, when it is signed', async () => {
    const flow = await hooked({ prompt: 'read {{payload}}' })
    expect(flow.standing).toMatchObject({ state: 'blocked', problems: [{ code: 'NO_SECRET' }] })
    const hook = await secretOf(flow)
    expect((await read(flow)).standing.state).toBe('ready')
    expect(await send(hook)).toMatchObject({ status: 202, body: { status: 'approved' } })
    const [row] = await expectRows(flow, { origin: 'webhook' })
    expect((await the.app.call(getRun, { params: { id: row?.runId ?? '' } })).input).toBe('read {"x":1}')
  })

  test('refuses what is unsigned, forged, too old, or was there before', async () => {
    const flow = await hooked({ overlap: 'parallel', maxParallel: 20 })
    const hook = await secretOf(flow)
    const unsigned = await the.app.request('POST', hook.path, { token: null, body: {} })
    expect(unsigned).toMatchObject({ status: 401, error: { code: 'BAD_SIGNATURE' } })
    expect(await send(hook, { signature: `v1,${Buffer.alloc(32).toString('base64')}` })).toMatchObject({ status: 401 })
    expect(await send(hook, { at: the.clock.now() - 6 * minute })).toMatchObject({ status: 401 })
    expect(await send(hook, { at: the.clock.now() + 6 * minute })).toMatchObject({ status: 401 })
    expect(await send(hook, { id: 'one' })).toMatchObject({ status: 202 })
    expect(await send(hook, { id: 'one' })).toMatchObject({ status: 409, error: { code: 'WEBHOOK_REPLAYED' } })
    const { secret } = await secretOf(flow)
    expect(await send(hook)).toMatchObject({ status: 401 })
    expect(await send({ ...hook, secret })).toMatchObject({ status: 202 })
    expect(await rows(flow)).toHaveLength(2)
  })

  test('refuses what is too large before it is read whole, and what comes too often', async () => {
    const flow = await hooked()
    const hook = await secretOf(flow)
    const large = await send(hook, { body: 'x'.repeat(10 << 20) })
    expect(large).toMatchObject({
      status: 413,
      error: { code: 'TOO_LARGE', message: expect.stringContaining('256 KiB') }
    })
    // On connections that each send one after the other.
    const answers = await Promise.all(
      Array.from({ length: connections }, async () => {
        const statuses: number[] = []
        for (let n = 0; n < messages / connections; n++) statuses.push((await send(hook)).status)
        return statuses
      })
    )
    const statuses = answers.flat()
    expect(statuses.filter(status => status === 202)).toHaveLength(60)
    expect(statuses.filter(status => status === 429)).toHaveLength(messages - 60)
    expect(await runsOf(flow)).toHaveLength(1)
  })

  test('that was taken stands in the audit as the doing of a visitor, without its secret', async () => {
    const hook = await secretOf(await hooked())
    await send(hook)
    const { data } = await the.app.call(listAudit, { query: { limit: 500 } })
    expect(data.find(({ action }) => action === 'run.created')?.actor).toMatchObject({ kind: 'visitor' })
    expect(JSON.stringify(data)).not.toContain(hook.secret.slice(6))
  })

  test('of a paused flow says that it is, and one that is gone is not there', async () => {
    const flow = await hooked()
    const hook = await secretOf(flow)
    await change(flow, { status: 'paused' })
    expect(await send(hook)).toMatchObject({ status: 400, error: { code: 'FLOW_NOT_ACTIVE' } })
    await the.app.call(deleteFlow, { params: { id: flow.id } })
    expect(await send(hook)).toMatchObject({ status: 404 })
  })
})
