import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { createAgent, executeAgent } from '#contract/fleet/agents'
import { setSecret } from '#contract/fleet/secrets'
import { approve, deny } from '#contract/runs/approvals'
import { addInput, cancelRun, changeRun, followUpRun, forkRun } from '#contract/runs/runs'
import { withEachVersion } from '../kit/cli-fleet.ts'
import { codex, codexKey, openAiHome } from '../kit/codex.ts'
import { eventsOf } from '../kit/events.ts'
import { scripted } from '../kit/mock-llm.ts'
import { agentsOf } from '../kit/processes.ts'

/** What a command does outside of the sandbox, and asks for. */
const escalated = (cmd: string) => ({
  tool: 'raw',
  name: 'exec_command',
  input: { cmd, sandbox_permissions: 'require_escalated', justification: 'It must be' }
})

withEachVersion(codex, 'a conversation', (test, fleet) => {
  test('writes a file and tells each step, its tokens, what they cost by the table, and its session', async () => {
    const file = join(fleet().work(), 'made.txt')
    const run = await fleet().launch(
      scripted({ think: 'let me see', tool: 'write', path: file, content: 'one\ntwo\n' }, { text: 'All done.' }),
      { permissionMode: 'acceptEdits' }
    )
    const done = await fleet().until(run, 'SUCCEEDED')
    expect(readFileSync(file, 'utf8')).toBe('one\ntwo\n')
    expect(done).toMatchObject({ result: 'All done.', sessionId: expect.any(String), model: 'gpt-6.1-sol' })
    expect(done).toMatchObject({ usage: { inputTokens: 200, outputTokens: 40 }, costEstimated: true, contextUsed: 100 })
    expect(done.costUsd).toBeGreaterThan(0)
    const events = await eventsOf(fleet().app, run.id)
    expect(events.map(event => event.kind)).toEqual(
      expect.arrayContaining(['user', 'system', 'thinking', 'tool_use', 'tool_result', 'assistant', 'usage', 'result'])
    )
    expect(events.find(event => event.kind === 'tool_result')?.data).toMatchObject({
      isError: false,
      diff: { path: file, created: true, hunks: [{ lines: ['+one', '+two'] }] }
    })
  })

  test('in default mode waits for a person, obeys yes, and takes no changed request', async () => {
    const file = join(fleet().work(), 'allowed.txt')
    const run = await fleet().launch(scripted({ tool: 'write', path: file, content: 'x' }, { text: 'ok' }))
    await fleet().until(run, 'WAITING')
    const asked = await fleet().pendingOf(run)
    expect(asked).toMatchObject({ kind: 'tool', tool: 'apply_patch', subject: file, editable: false })
    expect(asked.input).toEqual({ path: file, content: 'x\n' })
    expect(existsSync(file)).toBe(false)
    const changed = fleet().app.call(approve, { params: { id: asked.id }, body: { input: { content: 'y' } } })
    await expect(changed).rejects.toThrow('NOT_SUPPORTED')
    await fleet().app.call(approve, { params: { id: asked.id } })
    await fleet().until(run, 'SUCCEEDED')
    expect(readFileSync(file, 'utf8')).toBe('x\n')
  })

  test('obeys no, and reads why', async () => {
    const made = join(fleet().work(), 'denied.txt')
    const before = fleet().mock.requests.length
    const run = await fleet().launch(scripted(escalated(`touch ${made}`), { text: 'I left it.' }))
    await fleet().until(run, 'WAITING')
    const asked = await fleet().pendingOf(run)
    expect(asked).toMatchObject({ tool: 'shell', subject: `touch ${made}`, reason: 'It must be' })
    await fleet().app.call(deny, { params: { id: asked.id }, body: { reason: 'not that one' } })
    expect(await fleet().until(run, 'SUCCEEDED')).toMatchObject({ result: 'I left it.' })
    expect(existsSync(made)).toBe(false)
    expect(JSON.stringify(fleet().mock.requests.slice(before))).toContain('not that one')
  })

  test('always allow of a command is for this run, and asks no more', async () => {
    const made = ['always-1', 'always-2'].map(name => join(fleet().work(), name))
    const commands = made.map(file => escalated(`touch ${file}`))
    const run = await fleet().launch(scripted(...commands, { text: 'both' }))
    await fleet().until(run, 'WAITING')
    const { id } = await fleet().pendingOf(run)
    await fleet().app.call(approve, { params: { id }, body: { scope: 'run', pattern: 'touch *' } })
    await fleet().until(run, 'SUCCEEDED')
    expect(made.map(file => existsSync(file))).toEqual([true, true])
  })

  test('a follow-up goes on in the same session in another mode, a fork in a copy; each costs only what it spent', async () => {
    const run = await fleet().launch(scripted({ text: 'first answer' }))
    const first = await fleet().until(run, 'SUCCEEDED')
    const before = fleet().mock.requests.length
    const child = await fleet().app.call(followUpRun, {
      params: { id: run.id },
      body: { prompt: scripted({ text: 'second answer' }), permissionMode: 'plan' }
    })
    const second = await fleet().until(child, 'SUCCEEDED')
    expect(second).toMatchObject({ result: 'second answer', sessionId: first.sessionId, permissionMode: 'plan' })
    expect(second.usage).toEqual(first.usage)
    expect(JSON.stringify(fleet().mock.requests.slice(before))).toContain('first answer')
    const body = { prompt: scripted({ text: 'another way' }) }
    const fork = await fleet().app.call(forkRun, { params: { id: run.id }, body })
    const forked = await fleet().until(fork, 'SUCCEEDED')
    expect(forked).toMatchObject({ result: 'another way', usage: first.usage })
    expect(forked.sessionId).not.toBe(first.sessionId)
  })

  test('input is read when the turn ends, or interrupts it; what it cannot change while it works it says', async () => {
    const run = await fleet().launch(scripted({ slow: 300, ms: 100 }))
    await expect.poll(async () => (await fleet().kinds(run)).includes('system'), { timeout: 15_000 }).toBe(true)
    const change = fleet().app.call(changeRun, { params: { id: run.id }, body: { permissionMode: 'plan' } })
    await expect(change).rejects.toThrow('NOT_SUPPORTED')
    const text = scripted({ text: 'read the second' })
    await fleet().app.call(addInput, { params: { id: run.id }, body: { text, mode: 'interrupt' } })
    expect(await fleet().until(run, 'SUCCEEDED')).toMatchObject({ result: 'read the second' })
  })

  test('cancelled in the middle of a command it ends, with nothing of it left', async () => {
    const run = await fleet().launch(scripted({ tool: 'sh', cmd: 'tail -f /dev/null' }, { text: 'never' }), {
      permissionMode: 'bypassPermissions'
    })
    await expect.poll(async () => (await fleet().kinds(run)).includes('tool_use'), { timeout: 15_000 }).toBe(true)
    expect((await agentsOf(run.id)).length).toBeGreaterThan(1)
    await fleet().app.call(cancelRun, { params: { id: run.id } })
    await fleet().until(run, 'CANCELLED')
    expect(await agentsOf(run.id)).toEqual([])
  })

  test.each([
    [401, 'AUTHENTICATION_FAILED'],
    [429, 'RATE_LIMITED']
  ])('a model that answers %i is a readable failure: %s', async (error, code) => {
    const run = await fleet().launch(scripted({ error, message: 'as scripted' }))
    expect((await fleet().until(run, 'FAILED')).error).toMatchObject({ code })
  })

  test('settings of the folder are asked about; untrusted they change nothing, and Codex does not trust it by itself', async () => {
    const project = fleet().work('strange')
    mkdirSync(join(project, '.codex'), { recursive: true })
    const made = join(project, 'STARTED')
    const server = ['[mcp_servers.strange]', 'command = "touch"', `args = ["${made}"]`]
    writeFileSync(join(project, '.codex', 'config.toml'), server.join('\n'))
    const run = await fleet().launch(scripted({ text: 'done' }), { cwd: project, permissionMode: 'acceptEdits' })
    await fleet().until(run, 'WAITING')
    const { id, input } = await fleet().pendingOf(run)
    expect(input.acts).toMatchObject([{ kind: 'mcp', path: '.codex/config.toml', detail: `touch ${made}` }])
    await fleet().app.call(deny, { params: { id } })
    await fleet().until(run, 'SUCCEEDED')
    expect(existsSync(made)).toBe(false)
    expect(readFileSync(join(fleet().folder, 'home', '.codex', 'config.toml'), 'utf8')).not.toContain('projects')
  })

  test('a key that is given to an agent is the one that OpenAI is asked with, and stands nowhere', async () => {
    const home = openAiHome(join(fleet().folder, 'other-home'), fleet().mock)
    const key = 'sk-another-secret-of-this-test'
    await fleet().app.call(setSecret, { body: { key: 'CODEX_HOME', value: home } })
    await fleet().app.call(setSecret, { body: { key: 'OPENAI_API_KEY', value: key } })
    const agent = await fleet().app.call(createAgent, {
      body: { name: 'Keyed', role: 'You have a key.', cwd: fleet().work(), runtime: 'codex', model: 'gpt-6.1-sol' }
    })
    const before = fleet().mock.requests.length
    const run = await fleet().app.call(executeAgent, {
      params: { id: agent.id },
      body: { prompt: scripted({ tool: 'sh', cmd: 'echo $OPENAI_API_KEY' }, { text: 'keyed' }) }
    })
    expect(await fleet().until(run, 'SUCCEEDED')).toMatchObject({ result: 'keyed' })
    const requests = fleet().mock.requests.slice(before)
    expect(requests[0]?.headers.authorization).toBe(`Bearer ${key}`)
    expect(JSON.stringify(requests)).toContain('You have a key.')
    const text = JSON.stringify(await eventsOf(fleet().app, run.id))
    expect(text).toContain('[redacted OPENAI_API_KEY]')
    for (const secret of [key, codexKey]) expect(text).not.toContain(secret)
  })
})
