import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect } from 'vitest'
import type { CheckpointFact } from '#contract/runs/checkpoints'
import { GitFolder } from '../../../test/kit/git/git-folder.ts'
import { needs } from '../../../test/kit/needs.ts'
import { Checkpoints, RunCheckpoints } from './checkpoints.ts'
import { largestKept } from './snapshot.ts'

const test = needs('git')

let folder: GitFolder
let base: string
let root: string
beforeEach(() => {
  folder = new GitFolder()
  ;({ base, root } = folder)
})
afterEach(() => folder.remove())

const environment = () => folder.environment
const open = () => new Checkpoints({ environment: async () => environment(), folder: join(base, 'checkpoints') })
const git = (...args: string[]) => folder.git(...args)
const write = (path: string, content: string | Buffer) => folder.write(path, content)
const repository = (files: Record<string, string>) => folder.begin(files)

async function begin(all = open(), where = root): Promise<RunCheckpoints> {
  const begun = await all.begin(where, { runId: 'run-1', alone: false })
  if (!(begun instanceof RunCheckpoints)) throw new Error(begun.message)
  await started(begun)
  return begun
}

async function started(run: RunCheckpoints): Promise<Extract<CheckpointFact, { type: 'taken' }>> {
  return taken(await run.take('start'))
}

function taken(fact: CheckpointFact) {
  if (fact.type === 'none') throw new Error(fact.message)
  return fact
}

async function changed(run: RunCheckpoints) {
  return taken(await run.take('end')).changes
}

/** What of the repository must stay as it is, whoever takes checkpoints. */
function theirs(): unknown {
  const index = join(root, '.git/index')
  return [
    readFileSync(index).toString('hex'),
    statSync(index).mtimeMs,
    readFileSync(join(root, '.git/config'), 'utf8'),
    git('for-each-ref', 'refs/heads', 'refs/tags', 'refs/stash'),
    git('rev-parse', 'HEAD')
  ]
}

describe('what a run changed', () => {
  test('is told by whatever means: new, changed, removed, renamed, binary, links, modes; ignored files are left out', async () => {
    const text = Array.from({ length: 30 }, (_, i) => `line ${i}\n`).join('')
    repository({
      'a.ts': 'one\ntwo\n',
      'gone.ts': 'x\n',
      'moved.ts': text,
      'run.sh': 'true\n',
      '.gitignore': 'out/\n*.log\n'
    })
    write('before.txt', 'lay there\n')
    const before = theirs()
    const run = await begin()
    write('a.ts', 'one\nTWO\nthree\n')
    rmSync(join(root, 'gone.ts'))
    git('mv', 'moved.ts', 'elsewhere.ts')
    git('reset', '-q')
    write('new.bin', Buffer.from([0, 1, 2, 0, 255]))
    write('with\nline break "ü".txt', 'new\n')
    symlinkSync('a.ts', join(root, 'link'))
    chmodSync(join(root, 'run.sh'), 0o755)
    mkdirSync(join(root, 'out'))
    write('out/built.js', 'ignored\n')
    write('x.log', 'ignored\n')
    const { files, total, added, removed } = await changed(run)
    expect(files.map(({ path, status, kind, added, removed }) => [path, status, kind, added, removed])).toEqual([
      ['a.ts', 'modified', 'file', 2, 1],
      ['elsewhere.ts', 'renamed', 'file', 0, 0],
      ['gone.ts', 'removed', 'file', 0, 1],
      ['link', 'added', 'link', 1, 0],
      ['new.bin', 'added', 'file', null, null],
      ['run.sh', 'modified', 'file', 0, 0],
      ['with\nline break "ü".txt', 'added', 'file', 1, 0]
    ])
    expect(files.find(({ path }) => path === 'new.bin')).toMatchObject({ binary: true, bytes: 5, kept: true })
    expect(files.find(({ path }) => path === 'elsewhere.ts')?.oldPath).toBe('moved.ts')
    expect([total, added, removed]).toEqual([7, 4, 2])
    git('reset', '-q', '--hard')
    expect(theirs()).toEqual([expect.anything(), expect.anything(), ...(before as unknown[]).slice(2)])
  })

  test('neither index, stash, branch nor settings are touched, and no ref of theirs is', async () => {
    repository({ 'a.ts': 'one\n', 'b.ts': 'one\n' })
    write('b.ts', 'staged\n')
    git('add', 'b.ts')
    write('b.ts', 'and changed again\n')
    const before = theirs()
    const run = await begin()
    write('a.ts', 'two\n')
    expect((await changed(run)).files.map(({ path }) => path)).toEqual(['a.ts'])
    expect(theirs()).toEqual(before)
    expect(git('for-each-ref', '--format=%(refname)', 'refs/flotilla').trim().split('\n')).toEqual([
      'refs/flotilla/runs/run-1/0',
      'refs/flotilla/runs/run-1/1'
    ])
    git('fsck', '--strict')
  })

  test('what it commits counts as well, and what it throws away by git can be found again', async () => {
    repository({ 'a.ts': 'one\n' })
    const first = git('rev-parse', 'HEAD').trim()
    const run = await begin()
    write('a.ts', 'two\n')
    git('commit', '-q', '-a', '-m', 'its work')
    expect((await changed(run)).files).toMatchObject([{ path: 'a.ts', added: 1, removed: 1 }])
    expect(git('rev-parse', 'refs/flotilla/runs/run-1/0^').trim()).toBe(first)
  })

  test('in an unborn, a detached and an empty repository, in a folder below, and in a work tree beside another', async () => {
    git('init', '-q', '-b', 'main')
    const unborn = await begin()
    mkdirSync(join(root, 'below'))
    write('below/a.ts', 'one\n')
    expect((await changed(unborn)).files).toMatchObject([{ path: 'below/a.ts', status: 'added' }])
    git('add', '-A')
    git('commit', '-q', '-m', 'first')
    git('checkout', '-q', '--detach')
    const detached = await begin(open(), join(root, 'below'))
    write('top.ts', 'beside\n')
    const end = taken(await detached.take('end'))
    expect(end).toMatchObject({ root, branch: null })
    expect(end.changes.files.map(({ path }) => path)).toEqual(['top.ts'])
    git('worktree', 'add', '-q', '-b', 'side', join(base, 'side'))
    const all = open()
    const side = await begin(all, join(base, 'side'))
    writeFileSync(join(base, 'side', 'below/a.ts'), 'two\n')
    expect(await side.take('end')).toMatchObject({ branch: 'side', changes: { files: [{ path: 'below/a.ts' }] } })
  })

  test('a submodule is one line, and a repository that lies inside is not looked into', async () => {
    repository({ 'a.ts': 'one\n' })
    const other = join(base, 'other')
    git('clone', '-q', root, other)
    git('submodule', '--quiet', 'add', other, 'sub')
    git('commit', '-q', '-m', 'with a submodule')
    const run = await begin()
    git('clone', '-q', root, 'nested')
    git('-C', 'sub', 'commit', '-q', '--allow-empty', '-m', 'another')
    writeFileSync(join(root, 'sub', 'dirt.ts'), 'not committed there\n')
    expect((await changed(run)).files).toMatchObject([{ path: 'sub', kind: 'submodule', status: 'modified' }])
  })

  test('a file that is too large is told of, and its content is not kept', async () => {
    repository({ 'a.ts': 'one\n' })
    write('film.bin', Buffer.alloc(largestKept + 1))
    write('stays.bin', Buffer.alloc(largestKept + 1))
    const all = open()
    const run = await begin(all)
    write('film.bin', Buffer.alloc(largestKept + 2))
    const end = taken(await run.take('end'))
    expect(end.changes.files).toMatchObject([
      { path: 'film.bin', status: 'modified', kept: false, bytes: largestKept + 2 }
    ])
    const start = git('rev-parse', 'refs/flotilla/runs/run-1/0').trim()
    const hunks = await all.hunks(root, { from: start, to: end.commit, path: 'film.bin', oldPath: null })
    expect(hunks).toEqual({ hunks: [], not: expect.stringContaining('larger than 32 MiB') })
    expect((await all.changes(root, start, null)).files).toMatchObject([{ path: 'film.bin' }])
  })

  test('line endings, filters and encodings of the repository change nothing of what is kept', async () => {
    repository({ 'a.txt': 'one\n', '.gitattributes': '* text=auto eol=crlf\n*.big filter=big\n' })
    git('config', 'filter.big.clean', `touch ${join(base, 'ran')}; echo pointer`)
    git('config', 'filter.big.required', 'true')
    write('mixed.txt', 'a\r\nb\nc\r\n')
    write('x.big', 'content\n')
    const run = await begin()
    write('a.txt', 'one\ntwo\n')
    expect((await changed(run)).files).toMatchObject([{ path: 'a.txt', added: 1, removed: 0 }])
    expect(git('cat-file', 'blob', 'refs/flotilla/runs/run-1/0:mixed.txt')).toBe('a\r\nb\nc\r\n')
    expect(git('cat-file', 'blob', 'refs/flotilla/runs/run-1/0:x.big')).toBe('content\n')
    expect(existsSync(join(base, 'ran'))).toBe(false)
  })

  test('what changed in the moment in which the index was written is seen', async () => {
    repository({ 'a.ts': 'one\n' })
    for (let i = 0; i < 2; i++) {
      git('add', '-A')
      write('a.ts', `tw${i}\n`)
      rmSync(join(base, 'checkpoints'), { recursive: true, force: true })
      const run = await begin()
      expect(git('cat-file', 'blob', 'refs/flotilla/runs/run-1/0:a.ts')).toBe(`tw${i}\n`)
      write('a.ts', `TW${i}\n`)
      expect((await changed(run)).files).toMatchObject([{ path: 'a.ts' }])
    }
  })
})

describe('a repository is not trusted for being one', () => {
  test('nothing starts that its settings, attributes and hooks name', async () => {
    repository({ 'a.ts': 'one\n', '.gitattributes': '*.ts diff=evil filter=evil\n' })
    const ran = join(base, 'ran')
    const evil = join(base, 'evil')
    writeFileSync(evil, `#!/bin/sh\ntouch ${ran}\ncat\n`, { mode: 0o755 })
    for (const name of ['core.fsmonitor', 'core.pager', 'core.sshCommand', 'diff.external', 'diff.evil.command'])
      git('config', name, evil)
    for (const name of ['diff.evil.textconv', 'filter.evil.clean', 'filter.evil.smudge', 'core.alternateRefsCommand'])
      git('config', name, evil)
    git('config', 'alias.diff-files', `!${evil}`)
    git('config', 'filter.evil.required', 'true')
    for (const hook of ['reference-transaction', 'post-index-change', 'pre-commit', 'post-checkout'])
      writeFileSync(join(root, '.git/hooks', hook), `#!/bin/sh\ntouch ${ran}\n`, { mode: 0o755 })
    mkdirSync(join(root, 'bin'))
    writeFileSync(join(root, 'git'), `#!/bin/sh\ntouch ${ran}\n`, { mode: 0o755 })
    const path = `.:bin::${process.env.PATH}`
    const all = new Checkpoints({
      environment: async () => ({ ...environment(), PATH: path, GIT_EXTERNAL_DIFF: evil, GIT_PAGER: evil }),
      folder: join(base, 'checkpoints')
    })
    const run = await begin(all)
    write('a.ts', 'two\n')
    const end = taken(await run.take('end'))
    const start = git('-c', 'core.fsmonitor=false', 'rev-parse', 'refs/flotilla/runs/run-1/0').trim()
    const { hunks } = await all.hunks(root, { from: start, to: end.commit, path: 'a.ts', oldPath: null })
    expect(hunks).toEqual([{ oldStart: 1, oldLines: 1, newStart: 1, newLines: 1, lines: ['-one', '+two'] }])
    expect(existsSync(ran)).toBe(false)
  })

  test('settings that name another work tree are refused', async () => {
    repository({ 'a.ts': 'one\n' })
    git('config', 'core.worktree', base)
    expect(await open().begin(root, { runId: 'run-1', alone: false })).toMatchObject({ type: 'none', why: 'refused' })
  })

  test('one that git does not open says why', async () => {
    mkdirSync(join(root, '.git'))
    expect(await open().begin(root, { runId: 'run-1', alone: false })).toMatchObject({ type: 'none', why: 'refused' })
  })
})

test('where there is no repository, none is looked for in a process; a private folder has none above it', async () => {
  const without = new Checkpoints({
    environment: async () => ({ PATH: '', HOME: join(base, 'home') }),
    folder: join(base, 'checkpoints')
  })
  expect(await without.begin(root, { runId: 'run-1', alone: false })).toMatchObject({ why: 'no-repository' })
  git('init', '-q')
  mkdirSync(join(root, 'private'))
  expect(await open().begin(join(root, 'private'), { runId: 'run-1', alone: true })).toMatchObject({
    why: 'no-repository'
  })
  expect(await without.begin(root, { runId: 'run-1', alone: false })).toMatchObject({ type: 'none', why: 'no-git' })
})

test('a checkpoint that is not there any more says so, and old ones go', async () => {
  repository({ 'a.ts': 'one\n' })
  const all = open()
  await begin(all)
  await expect(all.changes(root, 'a'.repeat(40), null)).rejects.toThrow('not in the repository any more')
  const head = git('rev-parse', 'HEAD').trim()
  await expect(all.changes(root, head, null)).rejects.toThrow('no checkpoint')
  const env = { ...environment(), GIT_COMMITTER_DATE: '2001-01-01T00:00:00Z', GIT_AUTHOR_DATE: '2001-01-01T00:00:00Z' }
  const names = ['-c', 'user.name=me', '-c', 'user.email=me@here']
  const args = [...names, 'commit-tree', '-m', 'old', 'HEAD^{tree}']
  const old = execFileSync('git', args, { cwd: root, env, encoding: 'utf8' }).trim()
  git('update-ref', 'refs/flotilla/runs/run-0/0', old)
  await begin(open())
  expect(git('for-each-ref', '--format=%(refname)', 'refs/flotilla').trim()).toBe('refs/flotilla/runs/run-1/0')
})

test('two runs in one repository share nothing but what lies there', async () => {
  repository({ 'a.ts': 'one\n', 'b.ts': 'one\n' })
  const all = open()
  const [one, two] = [
    await all.begin(root, { runId: 'one', alone: false }),
    await all.begin(root, { runId: 'two', alone: false })
  ]
  if (!(one instanceof RunCheckpoints && two instanceof RunCheckpoints)) throw new Error('no checkpoints')
  await Promise.all([started(one), started(two)])
  write('a.ts', 'two\n')
  const ends = await Promise.all([changed(one), changed(two)])
  for (const { files } of ends) expect(files.map(({ path }) => path)).toEqual(['a.ts'])
  expect(readdirSync(join(base, 'checkpoints'))).toHaveLength(1)
})
