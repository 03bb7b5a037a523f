import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import { approve, deny } from '#contract/runs/approvals'
import { addInput, cancelRun, type Run } from '#contract/runs/runs'
import { withEachVersion } from '../kit/cli-fleet.ts'
import { eventsOf } from '../kit/events.ts'
import { geminiCli, geminiKey } from '../kit/gemini.ts'
import { scripted } from '../kit/mock-llm.ts'

withEachVersion(geminiCli, 'runs', (test, fleet) => {
  const ended = (run: Run) => fleet().until(run, 'SUCCEEDED', 'FAILED', 'CANCELLED')
  async function decide(run: Run, how: typeof approve | typeof deny) {
    await fleet().until(run, 'WAITING')
    const asked = await fleet().pendingOf(run)
    await fleet().app.call(how, { params: { id: asked.id }, body: {} })
    return asked
  }

  test('it asks before it writes, and a follow-up goes on in its session, asks again and is interrupted', async () => {
    const file = join(fleet().work(), 'asked.txt')
    const run = await fleet().launch(scripted({ tool: 'write', path: file, content: 'hi\n' }, { text: 'first words' }))
    expect(await decide(run, approve)).toMatchObject({ tool: 'write_file', subject: file, input: { content: 'hi\n' } })
    const first = await ended(run)
    expect(first).toMatchObject({
      status: 'SUCCEEDED',
      result: 'first words',
      model: 'gemini-2.5-pro',
      usage: { inputTokens: 200, outputTokens: 40 },
      costEstimated: true
    })
    expect([readFileSync(file, 'utf8'), Number(first.costUsd) > 0]).toEqual(['hi\n', true])

    const next = await fleet().followUp(run, scripted({ tool: 'sh', cmd: 'touch denied.txt' }, { slow: 300 }))
    await fleet().until(next, 'WAITING')
    const { requests } = fleet().mock
    const before = requests.length
    expect(await decide(next, deny)).toMatchObject({ tool: 'run_shell_command', subject: 'touch denied.txt' })
    await vi.waitFor(() => expect(requests.length).toBeGreaterThan(before), { timeout: 20_000 })
    const text = scripted({ text: 'third words' })
    await fleet().app.call(addInput, { params: { id: next.id }, body: { text, mode: 'interrupt' } })
    expect(await ended(next)).toMatchObject({ status: 'SUCCEEDED', result: 'third words', sessionId: first.sessionId })
    expect(existsSync(join(fleet().work(), 'denied.txt'))).toBe(false)
    // The old conversation is what the model reads, and nothing that is told again.
    expect(JSON.stringify(requests.at(-1)?.body)).toContain('first words')
    const events = await eventsOf(fleet().app, next.id)
    const said = events.filter(({ kind }) => kind === 'assistant').map(({ message }) => message)
    expect([said.at(-1), said.join().includes('first words')]).toEqual(['third words', false])
    expect(events.map(({ message }) => message)).toContain('Interrupted')
    expect(JSON.stringify(events)).not.toContain(geminiKey)
  })

  test('asking nothing it works one turn, in which it hears nothing, and a follow-up resumes it', async () => {
    const body = { permissionMode: 'bypassPermissions' }
    const script = scripted({ tool: 'sh', cmd: 'sleep 2; touch ran.txt' }, { text: 'it ran' })
    const run = await fleet().launch(script, body)
    const { error } = await fleet().app.request('POST', addInput.path.replace(':id', run.id), {
      body: { text: 'hear' }
    })
    expect(error.code).toBe('NOT_SUPPORTED')
    expect(await ended(run)).toMatchObject({ status: 'SUCCEEDED', result: 'it ran', usage: { inputTokens: 200 } })
    expect(existsSync(join(fleet().work(), 'ran.txt'))).toBe(true)
    const next = await fleet().followUp(run, scripted({ error: 400, message: 'not so' }))
    expect(await ended(next)).toMatchObject({
      sessionId: (await ended(run)).sessionId,
      error: { code: 'INVALID_MODEL_REQUEST', message: expect.stringContaining('not so') }
    })
  })

  test("a repository's own settings wait for trust, and a run that nobody waits for goes on without them", async () => {
    const cwd = fleet().work('untrusted')
    mkdirSync(join(cwd, '.gemini'))
    const hook = { type: 'command', command: 'touch hooked.txt' }
    const settings = { hooks: { SessionStart: [{ matcher: '*', hooks: [hook] }] }, tools: { core: [] } }
    writeFileSync(join(cwd, '.gemini', 'settings.json'), JSON.stringify(settings))
    const file = join(cwd, 'made.txt')
    const script = scripted({ tool: 'write', path: file, content: 'x' }, { text: 'made' })
    const run = await fleet().launch(script, { cwd, permissionMode: 'bypassPermissions', trust: 'never' })
    expect(await ended(run)).toMatchObject({ status: 'SUCCEEDED', result: 'made' })
    expect([existsSync(file), existsSync(join(cwd, 'hooked.txt'))]).toEqual([true, false])
    const asks = await fleet().launch(script, { cwd })
    await fleet().until(asks, 'WAITING')
    expect(await fleet().pendingOf(asks)).toMatchObject({ kind: 'trust', input: { acts: [{ kind: 'hook' }, {}] } })
    await fleet().app.call(cancelRun, { params: { id: asks.id } })
    expect((await ended(asks)).status).toBe('CANCELLED')
  })
})
