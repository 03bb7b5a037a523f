import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { createAgent, executeAgent, getAgent } from '#contract/fleet/agents'
import { setSecret } from '#contract/fleet/secrets'
import { approve, deny } from '#contract/runs/approvals'
import { listRunCommands } from '#contract/runs/commands'
import { addInput, cancelRun, followUpRun, forkRun, getRun } from '#contract/runs/runs'
import { claudeKey, withEachClaude } from '../kit/claude.ts'
import { eventsOf } from '../kit/events.ts'
import { scripted } from '../kit/mock-llm.ts'

function processesMentioning(text: string): string[] {
  return execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
    .split('\n')
    .filter(line => line.includes(text) && !line.includes('ps -eo'))
}

withEachClaude('a conversation', (test, fleet) => {
  test('writes a file and tells each step, its tokens, its cost and its session', async () => {
    const file = join(fleet().work(), 'made.txt')
    const run = await fleet().launch(
      scripted({ think: 'let me see', tool: 'write', path: file, content: 'one\ntwo\n' }, { text: 'All done.' }),
      { permissionMode: 'acceptEdits' }
    )
    const done = await fleet().until(run, 'SUCCEEDED')
    expect(readFileSync(file, 'utf8')).toBe('one\ntwo\n')
    expect(done).toMatchObject({ result: 'All done.', sessionId: expect.any(String), contextMax: expect.any(Number) })
    expect(done.usage.inputTokens).toBeGreaterThan(0)
    expect(done.costUsd).toBeGreaterThan(0)
    const events = await eventsOf(fleet().app, run.id)
    expect(events.map(event => event.seq)).toEqual(events.map((_, index) => index + 1))
    expect(events.map(event => event.kind)).toEqual(
      expect.arrayContaining(['user', 'system', 'thinking', 'tool_use', 'tool_result', 'assistant', 'result'])
    )
    expect(events.find(event => event.kind === 'tool_result')?.data).toMatchObject({
      isError: false,
      diff: { created: true, hunks: [{ lines: ['+one', '+two'] }] }
    })
  })

  test('in default mode waits for a person, obeys yes', async () => {
    const file = join(fleet().work(), 'allowed.txt')
    const run = await fleet().launch(scripted({ tool: 'write', path: file, content: 'x' }, { text: 'ok' }))
    await fleet().until(run, 'WAITING')
    const asked = await fleet().pendingOf(run)
    expect(asked).toMatchObject({ kind: 'tool', tool: 'Write', input: { file_path: file, content: 'x' } })
    expect(existsSync(file)).toBe(false)
    await fleet().app.call(approve, { params: { id: asked.id } })
    const done = await fleet().until(run, 'SUCCEEDED')
    expect(readFileSync(file, 'utf8')).toBe('x')
    expect(done.waitedMs).toBeGreaterThan(0)
  })

  test('and obeys no, with the reason', async () => {
    const file = join(fleet().work(), 'denied.txt')
    const run = await fleet().launch(scripted({ tool: 'write', path: file, content: 'x' }, { text: 'I left it.' }))
    await fleet().until(run, 'WAITING')
    await fleet().app.call(deny, {
      params: { id: (await fleet().pendingOf(run)).id },
      body: { reason: 'not that one' }
    })
    expect(await fleet().until(run, 'SUCCEEDED')).toMatchObject({ result: 'I left it.' })
    expect(existsSync(file)).toBe(false)
    const result = (await eventsOf(fleet().app, run.id)).find(event => event.kind === 'tool_result')
    expect(result).toMatchObject({ data: { isError: true, text: expect.stringContaining('not that one') } })
  })

  test('a follow-up goes on in the same conversation, a fork in a copy of it', async () => {
    const run = await fleet().launch(scripted({ text: 'first answer' }))
    const first = await fleet().until(run, 'SUCCEEDED')
    const before = fleet().mock.requests.length
    const child = await fleet().followUp(run, scripted({ text: 'second answer' }))
    const second = await fleet().until(child, 'SUCCEEDED')
    expect(second).toMatchObject({ result: 'second answer', sessionId: first.sessionId, parentRunId: run.id })
    expect(JSON.stringify(fleet().mock.requests.slice(before))).toContain('first answer')
    const fork = await fleet().app.call(forkRun, {
      params: { id: run.id },
      body: { prompt: scripted({ text: 'another way' }) }
    })
    const forked = await fleet().until(fork, 'SUCCEEDED')
    expect(forked.result).toBe('another way')
    expect(forked.sessionId).not.toBe(first.sessionId)
  })

  test('tells its commands; a follow-up takes another permission mode and another model, and goes on all the same', async () => {
    const run = await fleet().launch(scripted({ text: 'first answer' }))
    const first = await fleet().until(run, 'SUCCEEDED')
    const commands = await fleet().app.call(listRunCommands, { params: { id: run.id } })
    expect(commands.data.map(({ name }) => name)).toContain('compact')
    const child = await fleet().app.call(followUpRun, {
      params: { id: run.id },
      body: { prompt: scripted({ text: 'planned' }), permissionMode: 'plan', model: 'opus' }
    })
    const second = await fleet().until(child, 'SUCCEEDED')
    expect(second).toMatchObject({ result: 'planned', sessionId: first.sessionId, permissionMode: 'plan' })
    expect(second.model).not.toBe(first.model)
    expect(second.model).toContain('opus')
  })

  test('queued input is read in the same session when the turn ends', async () => {
    const run = await fleet().launch(scripted({ slow: 10, ms: 100 }))
    await fleet().until(run, 'RUNNING')
    await fleet().app.call(addInput, {
      params: { id: run.id },
      body: { text: scripted({ text: 'read the second' }) }
    })
    expect(await fleet().until(run, 'SUCCEEDED')).toMatchObject({ result: 'read the second' })
    expect((await fleet().kinds(run)).filter(kind => kind === 'user')).toHaveLength(2)
  })

  test('cancelled it ends within five seconds, with nothing of it left', async () => {
    const mark = `mark-${Date.now()}.txt`
    const file = join(fleet().work(), mark)
    writeFileSync(file, '')
    const run = await fleet().launch(scripted({ tool: 'sh', cmd: `tail -f ${file}` }, { text: 'never' }), {
      permissionMode: 'bypassPermissions'
    })
    await expect.poll(() => processesMentioning(mark).length, { timeout: 15_000 }).toBeGreaterThan(0)
    const asked = Date.now()
    await fleet().app.call(cancelRun, { params: { id: run.id } })
    const ended = await fleet().until(run, 'CANCELLED')
    expect(Date.parse(ended.endedAt ?? '') - asked).toBeLessThan(5500)
    expect(processesMentioning(mark)).toEqual([])
    expect(processesMentioning(run.id)).toEqual([])
  })

  test.each([
    [400, 'INVALID_MODEL_REQUEST'],
    [401, 'AUTHENTICATION_FAILED'],
    [429, 'RATE_LIMITED'],
    [500, 'MODEL_ERROR'],
    [529, 'OVERLOADED']
  ])('a model that answers %i is a readable failure: %s', async (error, code) => {
    const run = await fleet().launch(scripted({ error, message: 'as scripted', headers: { 'retry-after': '1' } }))
    const failed = await fleet().until(run, 'FAILED')
    expect(failed.error).toMatchObject({ code, message: expect.stringContaining('as scripted') })
    const log = await eventsOf(fleet().app, run.id)
    if (error === 429) expect(log.some(event => event.data.subtype === 'api_retry')).toBe(true)
  })

  test('killed with the control plane and started again: no gap, no double, and the session goes on', async () => {
    const run = await fleet().launch(scripted({ slow: 30, ms: 100 }))
    await expect.poll(async () => (await fleet().app.call(getRun, { params: { id: run.id } })).sessionId).not.toBeNull()
    await fleet().headless.kill('SIGKILL')
    fleet().headless = await fleet().headless.again()
    const done = await fleet().until(run, 'SUCCEEDED')
    const events = await eventsOf(fleet().app, run.id)
    expect(events.map(event => event.seq)).toEqual(events.map((_, index) => index + 1))
    expect(events.filter(event => event.kind === 'assistant')).toHaveLength(1)
    const child = await fleet().followUp(run, scripted({ text: 'still here' }))
    expect(await fleet().until(child, 'SUCCEEDED')).toMatchObject({ result: 'still here', sessionId: done.sessionId })
  })

  test('a folder that is missing, a file, or outside is refused by name', async () => {
    const missing = join(fleet().folder, 'nothing-here')
    expect((await fleet().until(await fleet().launch('x', { cwd: missing }), 'FAILED')).error).toMatchObject({
      code: 'CWD_MISSING'
    })
    const file = join(fleet().work(), 'a-file')
    writeFileSync(file, '')
    expect((await fleet().until(await fleet().launch('x', { cwd: file }), 'FAILED')).error).toMatchObject({
      code: 'CWD_NOT_A_DIRECTORY'
    })
    await expect(fleet().launch('x', { cwd: '/' })).rejects.toThrow('CWD_NOT_ALLOWED')
  })

  test('the provider key that the agent prints is kept out of the log', async () => {
    const run = await fleet().launch(scripted({ tool: 'sh', cmd: 'echo key=$ANTHROPIC_API_KEY' }, { text: 'done' }), {
      permissionMode: 'bypassPermissions'
    })
    const done = await fleet().until(run, 'SUCCEEDED')
    const text = JSON.stringify([done, await eventsOf(fleet().app, run.id)])
    expect(text).not.toContain(claudeKey)
    expect(text).toContain('[redacted ANTHROPIC_API_KEY]')
  })

  test('an agent works with its instructions and a secret, which stands nowhere but in its environment', async () => {
    const marker = `marker-${Date.now()}-of-a-secret`
    await fleet().app.call(setSecret, { body: { key: 'DEPLOY_KEY', value: marker } })
    const agent = await fleet().app.call(createAgent, {
      body: {
        name: 'Shipper',
        role: 'You ship to the moon.',
        cwd: fleet().work(),
        model: 'haiku',
        permissionMode: 'bypassPermissions'
      }
    })
    const before = fleet().mock.requests.length
    const run = await fleet().app.call(executeAgent, {
      params: { id: agent.id },
      body: {
        prompt: scripted(
          { tool: 'sh', cmd: 'printf %s "$DEPLOY_KEY" | wc -c; echo $DEPLOY_KEY; sleep 1' },
          { text: 'shipped' }
        )
      }
    })
    await fleet().until(run, 'RUNNING')
    expect(processesMentioning(marker)).toEqual([])
    const done = await fleet().until(run, 'SUCCEEDED')
    const text = JSON.stringify([done, await eventsOf(fleet().app, run.id)])
    expect(text).toContain(String(marker.length))
    expect(text).toContain('[redacted DEPLOY_KEY]')
    expect(text).not.toContain(marker)
    expect(JSON.stringify(fleet().mock.requests.slice(before))).toContain('You ship to the moon.')
    for (const file of ['flotilla.db', 'flotilla.db-wal', 'logs/control-plane.log', 'logs/runner.log'])
      expect(readFileSync(join(fleet().app.dataDir, file)).includes(marker)).toBe(false)
    const { sessionRunId } = await fleet().app.call(getAgent, { params: { id: agent.id } })
    expect(sessionRunId).toBe(run.id)
  })
})
