import { afterEach, describe, expect, test } from 'vitest'
import { createMcp, getMcp, testMcp } from '#contract/fleet/mcps'
import { createKey, deleteKey } from '#contract/people/keys'
import { answerQuestion } from '#contract/runners/runner-protocol'
import { testClock } from '../kit/clock.ts'
import { connectRunner, nextQuestion, type RunnerClientOptions, replyTo } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'

let app: App
afterEach(() => app.close())

const answer = { ok: true as const, tools: [] }
const reply = { type: 'checkMcp' as const, answer }

/** A runner, and something to ask it: an MCP server that is to be checked. */
async function start(options: RunnerClientOptions = {}) {
  const clock = testClock()
  app = await startApp({ clock })
  const runner = await connectRunner(app, { name: 'far', ...options })
  const { id } = await app.call(createMcp, { body: { name: 'docs', transport: 'stdio', command: 'docs' } })
  const status = async () => (await app.call(getMcp, { params: { id } })).status
  const ask = () => app.request('POST', testMcp.path.replace(':id', id), { body: { runnerId: runner.runnerId } })
  async function pass(ms: number): Promise<void> {
    clock.advance(ms)
    // Whoever registers wakes the timer, which cannot know that the clock was moved.
    await connectRunner(app, { name: 'other' })
  }
  return { pass, runner, ask, status }
}

const isAsked = async (runner: Awaited<ReturnType<typeof start>>['runner']) =>
  (await runner.commands()).some(command => command.type === 'ask')

describe('a runner that is asked', () => {
  test('and answers late is told that nobody waits, and who asked was told so in time', async () => {
    const { pass, runner, ask, status } = await start()
    const waiting = ask()
    const asked = await nextQuestion(runner)
    await pass(20_000)
    const { error } = await waiting
    expect(error).toMatchObject({ code: 'RUNNER_SILENT', message: 'Runner far did not answer within 8 s' })
    await expect(replyTo(app, runner, asked, reply)).rejects.toThrow('NOT_FOUND')
    expect(await isAsked(runner)).toBe(false)
    expect(await status()).toBe('unknown')
  })

  test('and goes away is not waited for', async () => {
    const { runner, ask } = await start()
    const waiting = ask()
    await nextQuestion(runner)
    await runner.leave()
    expect((await waiting).error).toMatchObject({
      code: 'RUNNER_SILENT',
      message: expect.stringContaining('went away')
    })
  })

  test('and is replaced by another process is not waited for, nor is the new one asked', async () => {
    const identity = crypto.randomUUID()
    const { runner, ask } = await start({ identity, process: crypto.randomUUID() })
    const waiting = ask()
    await nextQuestion(runner)
    await runner.leave()
    expect((await waiting).error.code).toBe('RUNNER_SILENT')
    const next = await connectRunner(app, { identity, process: crypto.randomUUID() })
    expect(await isAsked(next)).toBe(false)
  })

  test('while the control plane stops keeps nobody waiting', async () => {
    const { runner, ask } = await start()
    const waiting = ask()
    await nextQuestion(runner)
    await app.restart()
    expect((await waiting).error.message).toContain('stopping')
    expect(await isAsked(await connectRunner(app))).toBe(false)
  })

  test.each([
    ['cannot', { type: 'cannot' as const, why: 'failed' as const, message: 'out of memory' }, 'out of memory'],
    ['has too much to do', { type: 'cannot' as const, why: 'busy' as const, message: '4 of these' }, '4 of these']
  ])('and %s says why', async (_, cannot, words) => {
    const { runner, ask, status } = await start()
    const waiting = ask()
    await replyTo(app, runner, await nextQuestion(runner), cannot)
    expect((await waiting).error).toMatchObject({ code: 'RUNNER_SILENT', message: words })
    expect(await status()).toBe('unknown')
  })

  test('is asked so many things at a time and no more', async () => {
    const { runner, ask } = await start()
    const waiting = Array.from({ length: 33 }, ask)
    const refused = await Promise.race(waiting)
    expect(refused.error).toMatchObject({ code: 'RUNNER_SILENT', message: expect.stringContaining('try again') })
    // The refusal comes before the others are written.
    const asked = async () => (await runner.commands()).filter(command => command.type === 'ask').length
    await expect.poll(asked).toBe(32)
    await runner.leave()
    await Promise.all(waiting)
  })
})

test('a runner of an older version is not asked what it cannot understand', async () => {
  const { runner, ask } = await start({ questions: [] })
  expect((await ask()).error).toMatchObject({ code: 'RUNNER_SILENT', message: expect.stringContaining('update it') })
  expect(await runner.commands()).toEqual([])
})

describe('an answer', () => {
  test('counts from the runner that was asked, and once', async () => {
    const { runner, ask, status } = await start()
    const other = await connectRunner(app, { name: 'other' })
    const waiting = ask()
    const asked = await nextQuestion(runner)
    await expect(replyTo(app, other, asked, reply)).rejects.toThrow('NOT_FOUND')
    await replyTo(app, runner, asked, reply)
    expect((await waiting).status).toBe(200)
    expect(await status()).toBe('ok')
    await expect(replyTo(app, runner, asked, reply)).rejects.toThrow('NOT_FOUND')
  })

  test('under a revoked key is not heard', async () => {
    const { pass, runner, ask } = await start()
    const body = { name: 'far', style: 'agentfleet' as const, scopes: ['runner' as const] }
    const far = await app.call(createKey, { body })
    const waiting = ask()
    const asked = await nextQuestion(runner)
    await app.call(deleteKey, { params: { id: far.id } })
    await expect(replyTo(app, runner, asked, reply, far.key)).rejects.toThrow('UNAUTHORIZED')
    await pass(20_000)
    expect((await waiting).error.code).toBe('RUNNER_SILENT')
  })

  test.each([
    ['of another kind', { type: 'listMoons', answer }],
    ['that is none', { type: 'checkMcp', answer: { ok: 'maybe' } }],
    ['without a reason', { type: 'cannot', why: 'lazy', message: '' }]
  ])('%s is refused, and the question stays open', async (_, wrong) => {
    const { runner, ask } = await start()
    const waiting = ask()
    const asked = await nextQuestion(runner)
    const { runnerId, incarnation } = runner
    const path = answerQuestion.path.replace(':id', asked.id)
    const answered = await app.request('POST', path, { body: { runnerId, incarnation, reply: wrong } })
    expect(answered.error.code).toBe('INVALID_REQUEST')
    await replyTo(app, runner, asked, reply)
    expect((await waiting).status).toBe(200)
  })
})
