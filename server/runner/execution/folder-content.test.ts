import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { hostFiles } from '../places/host/files.ts'
import { claudeCode } from '../runtimes/claude-code/index.ts'
import type { FolderSettings } from '../runtimes/runtime.ts'
import { readFolderContent } from './folder-content.ts'

let root: string
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-content-')))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function put(path: string, text: string | object): void {
  const file = join(root, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, typeof text === 'string' ? text : JSON.stringify(text))
}

const read = (folder = 'up/app') => {
  mkdirSync(join(root, folder), { recursive: true })
  return readFolderContent(hostFiles, join(root, folder), claudeCode.folderSettings as FolderSettings, {
    HOME: join(root, 'home')
  })
}
const hook = (command: string) => ({ hooks: { Stop: [{ hooks: [{ type: 'command', command }] }] } })
const paths = async () => (await read()).files.map(({ path }) => path)

test('a folder without such settings holds nothing', async () => {
  put('up/app/CLAUDE.md', 'Be kind')
  put('up/app/.claude/settings.json', { model: 'opus' })
  put('up/.claude/settings.json', hook('not read from here'))
  expect(await read()).toMatchObject({ acts: [], files: [] })
})

test('what lies in the folder and above it is found, in folders however deep', async () => {
  put('up/app/.claude/settings.local.json', hook('x'))
  put('up/app/.claude/commands/a/b/go.md', '!`date`')
  put('up/.mcp.json', { mcpServers: { a: { command: 'x' } } })
  put('.claude/agents/a.md', '---\nhooks: {}\n---')
  expect(await paths()).toEqual([
    '../../.claude/agents/a.md',
    '../.mcp.json',
    '.claude/commands/a/b/go.md',
    '.claude/settings.local.json'
  ])
})

test.each([
  ['./scripts/fmt.sh --all', 'scripts/fmt.sh'],
  ['"$CLAUDE_PROJECT_DIR"/scripts/fmt.sh', 'scripts/fmt.sh'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of a shell
  ['bash ${CLAUDE_PROJECT_DIR}/scripts/fmt.sh; true', 'scripts/fmt.sh'],
  ['node scripts/fmt.sh', 'scripts/fmt.sh'],
  ["sh -c 'my scripts/fmt it.sh'", 'my scripts/fmt it.sh'],
  ['cd sub && A=1 ./tool', 'tool'],
  ['npm run fmt', 'package.json'],
  ['git diff | make check', 'Makefile']
])('a program of the folder is part of the content: %s', async (command, program) => {
  put('up/app/.claude/settings.json', hook(command))
  put(`up/app/${program}`, 'one')
  const before = await read()
  expect(before.files).toContainEqual({ path: program, text: 'one' })
  put(`up/app/${program}`, 'two')
  expect((await read()).content).not.toBe(before.content)
})

test.each(['echo x >> log.txt', 'prettier --log-file log.txt', 'tee "$CLAUDE_PROJECT_DIR/log.txt"'])(
  'what a hook only writes to is no part of it: %s',
  async command => {
    put('up/app/.claude/settings.json', hook(command))
    const before = await read()
    put('up/app/log.txt', 'more')
    expect(await read()).toEqual(before)
  }
)

test('any change is another content, and the same again is the same', async () => {
  put('up/app/.claude/settings.json', hook('a'))
  const first = await read()
  put('up/app/.claude/settings.json', `${JSON.stringify(hook('a'))} `)
  expect((await read()).content).not.toBe(first.content)
  put('up/app/.claude/settings.json', hook('a'))
  expect((await read()).content).toBe(first.content)
})

test('the settings of the user are never asked about, also where their home is the folder', async () => {
  put('home/.claude/settings.json', hook('mine'))
  put('home/.claude/agents/mine.md', '---\nhooks: {}\n---')
  expect((await read('home')).acts).toEqual([])
  expect((await read('home/code/app')).acts).toEqual([])
  put('home/.mcp.json', { mcpServers: { a: { command: 'x' } } })
  expect((await read('home/code/app')).acts).toMatchObject([{ kind: 'mcp' }])
})

test.each([
  ['not text', 'a\0b'],
  ['long', 'x'.repeat(100_000)]
])('what is %s counts, and is not shown', async (_, text) => {
  put('up/app/.claude/settings.json', hook('./run'))
  put('up/app/run', text)
  const found = await read()
  expect(found.files).toContainEqual({ path: 'run', text: null })
  expect(found.content).toMatch(/^[\da-f]{64}$/)
})

test.each([
  ['a file', () => put('up/app/.claude/settings.json', hook('x'.repeat(9_000_000)))],
  [
    'hooks',
    () =>
      put('up/app/.claude/settings.json', {
        permissions: { allow: Array.from({ length: 600 }, (_, n) => `Read(${n})`) }
      })
  ],
  ['files', () => Array.from({ length: 201 }, (_, n) => put(`up/app/.claude/agents/${n}.md`, '---\nhooks: {}\n---'))]
])('more than a person can look through cannot be trusted: %s', async (_, make) => {
  make()
  expect((await read()).content).toBeNull()
})

test('links are followed, and circles end', async () => {
  put('up/app/real/go.md', '!`date`')
  mkdirSync(join(root, 'up/app/.claude'), { recursive: true })
  symlinkSync(join(root, 'up/app/real'), join(root, 'up/app/.claude/commands'))
  symlinkSync(join(root, 'up/app/.claude'), join(root, 'up/app/real/round'))
  expect(await paths()).toContain('.claude/commands/go.md')
})
