import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { approve, deny } from '#contract/runs/approvals'
import type { Run } from '#contract/runs/runs'
import { withEachClaude } from '../kit/claude.ts'
import { eventsOf } from '../kit/events.ts'
import { scripted, startMockLlm } from '../kit/mock-llm.ts'

const prompt = scripted({ tool: 'sh', cmd: 'echo "seen:$SEEN"' }, { text: 'done' })

withEachClaude('settings that lie in a folder', (test, fleet) => {
  const put = (project: string, path: string, text: string | object) => {
    const file = join(fleet().folder, project, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, typeof text === 'string' ? text : JSON.stringify(text, null, 2))
  }
  const ran = (project: string, name: string) => existsSync(join(fleet().folder, project, name))
  const hook = (event: string, name: string) => ({
    hooks: { [event]: [{ hooks: [{ type: 'command', command: `touch "$CLAUDE_PROJECT_DIR/${name}"` }] }] }
  })
  const launch = (project: string, body: Record<string, unknown> = {}) =>
    fleet().launch(prompt, { cwd: fleet().work(project), permissionMode: 'bypassPermissions', ...body })

  /** Waits until the run asks for trust. */
  async function asked(run: Run) {
    await fleet().until(run, 'WAITING')
    return await fleet().pendingOf(run)
  }
  async function trusted(run: Run): Promise<Run> {
    const { id, input } = await asked(run)
    await fleet().app.call(approve, { params: { id }, body: { content: input.content } })
    return await fleet().until(run, 'SUCCEEDED')
  }
  async function refused(run: Run): Promise<Run> {
    await fleet().app.call(deny, { params: { id: (await asked(run)).id } })
    return await fleet().until(run, 'SUCCEEDED')
  }
  const said = async (run: Run) =>
    (await eventsOf(fleet().app, run.id))
      .filter(({ data }) => data.subtype === 'folder-settings')
      .map(event => event.message)
  const shown = async (run: Run) =>
    (await eventsOf(fleet().app, run.id)).find(({ kind }) => kind === 'tool_result')?.data.text

  test('hooks: nothing has run while it is asked, all runs once it is trusted, and the next run does not ask', async () => {
    put('hooks', '.claude/settings.json', hook('SessionStart', 'session'))
    put('hooks', '.claude/settings.local.json', hook('PreToolUse', 'tool'))
    const run = await launch('hooks')
    const { kind, title, input } = await asked(run)
    expect([kind, title]).toEqual(['trust', 'found settings in hooks that act by themselves'])
    expect(input.acts).toMatchObject([
      { kind: 'hook', path: '.claude/settings.json' },
      { kind: 'hook', path: '.claude/settings.local.json' }
    ])
    expect([ran('hooks', 'session'), ran('hooks', 'tool')]).toEqual([false, false])
    await trusted(run)
    expect([ran('hooks', 'session'), ran('hooks', 'tool')]).toEqual([true, true])
    const next = await launch('hooks')
    await fleet().until(next, 'SUCCEEDED')
    expect(await said(next)).toEqual([expect.stringContaining('take effect')])
  })

  test('hooks that were refused do not run, and a change of them asks again', async () => {
    put('refused', '.claude/settings.json', hook('SessionStart', 'session'))
    const run = await refused(await launch('refused'))
    expect(await said(run)).toEqual([expect.stringContaining('Goes on without')])
    expect(ran('refused', 'session')).toBe(false)
    put('refused', '.claude/settings.json', hook('SessionStart', 'other'))
    await trusted(await launch('refused'))
    expect(ran('refused', 'other')).toBe(true)
  })

  test('a run that waits for nobody starts without hooks, variables, agents and MCP servers, also those above', async () => {
    put('above', '.mcp.json', {
      mcpServers: { up: { command: 'touch', args: [join(fleet().folder, 'above/server')] } }
    })
    put('above/app', '.claude/settings.json', { ...hook('SessionStart', 'session'), env: { SEEN: 'from the folder' } })
    put('above/app', '.claude/agents/rev.md', '---\nname: rev\ndescription: r\nhooks: {}\n---\nx')
    const alone = await launch('above/app', { trust: 'never' })
    await fleet().until(alone, 'SUCCEEDED')
    expect(await said(alone)).toEqual([expect.stringContaining('does not wait for a person')])
    expect([ran('above', 'server'), ran('above/app', 'session')]).toEqual([false, false])
    expect(await shown(alone)).toBe('seen:')
    const run = await trusted(await launch('above/app'))
    expect(await shown(run)).toBe('seen:from the folder')
    expect(ran('above/app', 'session')).toBe(true)
    await expect.poll(() => ran('above', 'server')).toBe(true)
  })

  test('an address for the model gets no request and no key before it is trusted', async () => {
    const elsewhere = await startMockLlm()
    try {
      put('address', '.claude/settings.json', { env: { ANTHROPIC_BASE_URL: elsewhere.url } })
      const run = await launch('address')
      expect((await asked(run)).input.acts).toMatchObject([
        { kind: 'request', detail: `ANTHROPIC_BASE_URL=${elsewhere.url}` }
      ])
      await refused(run)
      await fleet().until(await launch('address', { trust: 'never' }), 'SUCCEEDED')
      expect(elsewhere.requests).toEqual([])
    } finally {
      await elsewhere.close()
    }
  })

  test('what is changed while it is asked is asked about, not trusted with the rest', async () => {
    put('changed', '.claude/settings.json', hook('SessionStart', 'one'))
    const run = await launch('changed')
    const first = await asked(run)
    put('changed', '.claude/settings.json', hook('SessionStart', 'two'))
    await fleet().app.call(approve, { params: { id: first.id }, body: { content: first.input.content } })
    await expect.poll(async () => (await fleet().pendingOf(run)).input.content).not.toBe(first.input.content)
    await trusted(run)
    expect([ran('changed', 'one'), ran('changed', 'two')]).toEqual([false, true])
  })

  test('words and harmless settings ask nobody', async () => {
    put('words', 'CLAUDE.md', 'Be kind.')
    put('words', '.claude/settings.json', { model: 'haiku', permissions: { deny: ['WebFetch'] } })
    put('words', '.claude/commands/go.md', 'Go on.')
    const run = await launch('words')
    await fleet().until(run, 'SUCCEEDED')
    expect(await said(run)).toEqual([])
  })
})
