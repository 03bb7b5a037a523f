import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Watched } from '#contract/watched'
import { hostFiles } from '../places/host/files.ts'
import { resolveFolder } from '../places/host/folder.ts'
import { hostProcesses } from '../places/host/host-processes.ts'
import { look } from './look.ts'
import { tryCommand } from './try-command.ts'

let root: string
let folder: string
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-checks-')))
  folder = join(root, 'code')
  for (const one of ['code', 'outside', 'data']) mkdirSync(join(root, one))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function place() {
  const rules = { allowedDirs: [folder], dataDir: join(root, 'data') }
  return {
    ...hostProcesses('checks-test'),
    files: hostFiles,
    folder: (wish: string | null) => resolveFolder(wish, '', rules),
    environment: async () => ({ PATH: process.env.PATH ?? '', HOME: root })
  }
}

const forever = new AbortController().signal
const tell = async (watched: Watched, where = folder) =>
  (await look(place())({ folder: where, watched }, forever)).state
const file = (path: string) => tell({ type: 'file', path })
const ref = (name: string) => tell({ type: 'ref', ref: name })
const run = (program: string, args: string[], signal = forever) =>
  tryCommand(place())({ folder, program, args }, signal)

describe('a look', () => {
  test('at a file tells the same until its content becomes another', async () => {
    expect(await file('inbox')).toBeNull()
    writeFileSync(join(folder, 'inbox'), 'one')
    const first = await file('inbox')
    writeFileSync(join(folder, 'inbox'), 'one')
    expect(await file('inbox')).toBe(first)
    writeFileSync(join(folder, 'inbox'), 'two')
    expect(await file('inbox')).not.toBe(first)
  })

  test('at a folder tells what lies in it', async () => {
    mkdirSync(join(folder, 'drop'))
    const empty = await file('drop')
    writeFileSync(join(folder, 'drop/a'), '')
    expect(await file('drop')).not.toBe(empty)
  })

  test.each(['../outside/secret', 'way-out', 'way-out/secret'])(
    'at %s sees nothing outside of the folder',
    async path => {
      writeFileSync(join(root, 'outside/secret'), 'x')
      symlinkSync(join(root, 'outside'), join(folder, 'way-out'))
      await expect(file(path)).rejects.toThrow('lies outside of the folder')
    }
  )

  test('where agents may not work is refused', async () => {
    await expect(tell({ type: 'file', path: 'x' }, join(root, 'outside'))).rejects.toThrow('not allowed')
  })

  test('at a ref of git tells which object it is', async () => {
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args], { cwd: folder })
    git('init', '-q', '-b', 'main')
    expect(await ref('main')).toBeNull()
    git('commit', '-q', '--allow-empty', '-m', 'one')
    const first = await ref('main')
    expect(first).toMatch(/^object [0-9a-f]{40,64}$/)
    git('commit', '-q', '--allow-empty', '-m', 'two')
    expect(await ref('main')).not.toBe(first)
    expect(await ref('refs/heads/other')).toBeNull()
  })

  test('at a ref where there is no repository says so', async () => {
    await expect(ref('main')).rejects.toThrow('not a git repository')
  })
})

describe('a command', () => {
  test('is told by its exit code, with the end of what it said', async () => {
    writeFileSync(join(folder, 'a'), '')
    expect(await run('ls', [])).toEqual({ exitCode: 0, output: 'a\n' })
    expect(await run('sh', ['-c', 'echo no >&2; exit 3'])).toEqual({ exitCode: 3, output: 'no\n' })
    expect((await run('sh', ['-c', 'yes | head -c 100000'])).output).toHaveLength(2000)
  })

  test('that is not there is an error, which is no answer', async () => {
    await expect(run('no-such-program-here', [])).rejects.toThrow()
  })

  test('that does not end is ended with all that it started', async () => {
    const limit = new AbortController()
    const running = run('sh', ['-c', 'sleep 600 & touch started; sleep 600'], limit.signal)
    await expect.poll(() => hostFiles.look(join(folder, 'started')), { timeout: 20_000 }).not.toBeNull()
    limit.abort()
    await expect(running).rejects.toThrow('not done in time')
  })

  test('has nothing to read', async () => {
    expect(await run('cat', [])).toEqual({ exitCode: 0, output: '' })
  })
})
