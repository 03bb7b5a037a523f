import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { createAgent, executeAgent } from '#contract/fleet/agents'
import type { Run } from '#contract/runs/runs'
import { type ClaudeFleet, withEachClaude } from '../kit/claude.ts'
import { scripted } from '../kit/mock-llm.ts'

const says = (text: string) => scripted({ text })

/** An agent without a folder of its own, and what it said first. */
async function begun(fleet: ClaudeFleet, name: string): Promise<Run> {
  const agent = await fleet.app.call(createAgent, { body: { name, runtime: 'claude-code', model: 'haiku' } })
  const run = await fleet.app.call(executeAgent, { params: { id: agent.id }, body: { prompt: says(`${name} one`) } })
  return await fleet.until(run, 'SUCCEEDED')
}

/** A follow-up, and what the model was told in it. */
async function followed(fleet: ClaudeFleet, run: Run, text: string): Promise<{ done: Run; told: string }> {
  const before = fleet.mock.requests.length
  const child = await fleet.followUp(run, says(text))
  const done = await fleet.until(child, 'SUCCEEDED', 'FAILED')
  return { done, told: JSON.stringify(fleet.mock.requests.slice(before)) }
}

/** What the CLI has written of a session, in whatever folder. */
function transcriptOf(fleet: ClaudeFleet, { sessionId }: Run): string {
  const projects = join(fleet.folder, 'home/.claude/projects')
  const name = readdirSync(projects, { recursive: true, encoding: 'utf8' }).find(one =>
    one.endsWith(`${sessionId}.jsonl`)
  )
  return readFileSync(join(projects, name ?? ''), 'utf8')
}

withEachClaude('a conversation in a private folder', (test, fleet) => {
  test('goes on after its data folder was moved, and from then on as ever', async () => {
    const first = await begun(fleet(), 'Mover')
    await fleet().headless.kill('SIGTERM')
    const moved = `${fleet().app.dataDir}-moved`
    renameSync(fleet().app.dataDir, moved)
    fleet().headless = (await fleet().on(moved)).headless
    const second = await followed(fleet(), first, 'Mover two')
    expect(second.done).toMatchObject({ status: 'SUCCEEDED', result: 'Mover two', usage: first.usage })
    expect(second.done.cwd?.startsWith(moved)).toBe(true)
    expect(second.told).toContain('Mover one')
    const third = await followed(fleet(), second.done, 'Mover three')
    expect(third.done).toMatchObject({ result: 'Mover three', sessionId: second.done.sessionId, usage: first.usage })
    for (const words of ['Mover one', 'Mover two']) expect(third.told).toContain(words)
  })

  test('goes on in a copy of its data folder, and the original knows nothing of it', async () => {
    const first = await begun(fleet(), 'Twin')
    await fleet().headless.kill('SIGTERM')
    const copy = `${fleet().app.dataDir}-copy`
    execFileSync('cp', ['-a', fleet().app.dataDir, copy])
    const before = transcriptOf(fleet(), first)
    const twin = await fleet().on(copy)
    const there = await followed(twin, first, 'Twin in the copy')
    await twin.app.close()
    expect(there.done).toMatchObject({ status: 'SUCCEEDED', usage: first.usage })
    expect(there.done.cwd?.startsWith(copy)).toBe(true)
    expect(there.told).toContain('Twin one')
    expect(transcriptOf(fleet(), first)).toBe(before)
    fleet().headless = await fleet().headless.again()
    const here = await followed(fleet(), first, 'Twin at home')
    expect(here.done).toMatchObject({ status: 'SUCCEEDED', sessionId: first.sessionId })
    expect(here.told).toContain('Twin one')
    expect(here.told).not.toContain('Twin in the copy')
  })
})
