import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { approve } from '#contract/runs/approvals'
import { addInput, getRun, listInputs, type Run } from '#contract/runs/runs'
import { type ClaudeFleet, withEachClaude } from '../kit/claude.ts'
import { eventsOf } from '../kit/events.ts'
import { scripted, scriptedWithin } from '../kit/mock-llm.ts'

/** A command that works until a file is there, and then leaves another. */
function waiting(fleet: ClaudeFleet, name: string) {
  const gate = join(fleet.work(), `${name}.go`)
  const made = join(fleet.work(), `${name}.made`)
  const cmd = `until [ -e ${gate} ]; do sleep 0.2; done; echo built > ${made}`
  return { cmd, made, go: () => writeFileSync(gate, '') }
}

const inBackground = (command: string, description: string) => ({
  tool: 'raw',
  name: 'Bash',
  input: { command, description, run_in_background: true }
})
const subAgent = (...steps: Record<string, unknown>[]) => ({
  tool: 'raw',
  name: 'Agent',
  input: {
    description: 'look around',
    prompt: scriptedWithin(...steps),
    subagent_type: 'general-purpose',
    run_in_background: true
  }
})

const reasonOf = async (fleet: ClaudeFleet, run: Run) =>
  (await fleet.app.call(getRun, { params: { id: run.id } })).statusReason

withEachClaude('work that outlives a turn', (test, fleet) => {
  test('a background command ends by itself, the run says that it waits for it, and reads what came of it', async () => {
    const build = waiting(fleet(), 'build')
    const run = await fleet().launch(scripted(inBackground(build.cmd, 'long build'), { text: 'started it' }), {
      permissionMode: 'bypassPermissions'
    })
    await expect.poll(() => reasonOf(fleet(), run)).toBe('Waits for: long build')
    expect(existsSync(build.made)).toBe(false)
    build.go()
    const done = await fleet().until(run, 'SUCCEEDED')
    expect(readFileSync(build.made, 'utf8')).toBe('built\n')
    expect(done.usage.inputTokens).toBe(300)
    const said = (await eventsOf(fleet().app, run.id)).map(event => event.message)
    expect(said).toContain('Background command started: long build')
    expect(said).toContain('Background command completed: long build')
    expect(said.join('\n')).not.toContain('Sub-agent')
  })

  test('a sub-agent in the background asks a person, and its work is done when the run is', async () => {
    const file = join(fleet().work(), 'by-sub-agent.txt')
    const run = await fleet().launch(
      scripted(subAgent({ tool: 'write', path: file, content: 'x' }, { text: 'sub done' }), { text: 'sent it' })
    )
    await fleet().until(run, 'WAITING')
    const asked = await fleet().pendingOf(run)
    expect(asked).toMatchObject({ tool: 'Write', input: { file_path: file } })
    await fleet().app.call(approve, { params: { id: asked.id } })
    await fleet().until(run, 'SUCCEEDED')
    expect(readFileSync(file, 'utf8')).toBe('x')
  })

  test('input is read while the run waits, at once', async () => {
    const build = waiting(fleet(), 'other')
    const run = await fleet().launch(scripted(inBackground(build.cmd, 'other build'), { text: 'started it' }), {
      permissionMode: 'bypassPermissions'
    })
    await expect.poll(() => reasonOf(fleet(), run)).toBe('Waits for: other build')
    await fleet().app.call(addInput, { params: { id: run.id }, body: { text: scripted({ text: 'here I am' }) } })
    const words = async () => (await eventsOf(fleet().app, run.id)).map(event => event.message)
    await expect.poll(words).toContain('here I am')
    expect((await fleet().app.call(listInputs, { params: { id: run.id } })).data).toEqual([])
    await expect.poll(() => reasonOf(fleet(), run)).toBe('Waits for: other build')
    build.go()
    await fleet().until(run, 'SUCCEEDED')
    expect(existsSync(build.made)).toBe(true)
  })
})

withEachClaude('money of a session', (test, fleet) => {
  test('four calls in a row and a fork are booked with what each spent', async () => {
    const words = (n: number) => scripted({ text: `answer ${n}`, in: 100, out: 20 })
    let run = await fleet().until(await fleet().launch(words(1)), 'SUCCEEDED')
    const first = run
    const cost = first.costUsd ?? 0
    expect(cost).toBeGreaterThan(0)
    for (const n of [2, 3, 4]) {
      run = await fleet().until(await fleet().followUp(run, words(n)), 'SUCCEEDED')
      expect(run).toMatchObject({ usage: { inputTokens: 100, outputTokens: 20 }, costUsd: expect.closeTo(cost, 8) })
    }
    const two = await fleet().launch(scripted({ slow: 15, ms: 100 }))
    await fleet().until(two, 'RUNNING')
    await fleet().app.call(addInput, { params: { id: two.id }, body: { text: words(5) } })
    expect((await fleet().until(two, 'SUCCEEDED')).usage.inputTokens).toBe(200)
    const again = await fleet().until(await fleet().followUp(two, words(6)), 'SUCCEEDED')
    expect(again.usage.inputTokens).toBe(100)
  })
})
