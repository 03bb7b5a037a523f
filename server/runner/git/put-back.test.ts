import { randomUUID } from 'node:crypto'
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect } from 'vitest'
import { GitFolder } from '../../../test/kit/git/git-folder.ts'
import { needs } from '../../../test/kit/needs.ts'
import { Checkpoints, type PutBack, RunCheckpoints } from './checkpoints.ts'
import { largestKept } from './snapshot.ts'

const test = needs('git')

let folder: GitFolder
let all: Checkpoints
beforeEach(() => {
  folder = new GitFolder()
  all = new Checkpoints({ environment: async () => folder.environment, folder: join(folder.base, 'checkpoints') })
})
afterEach(() => folder.remove())

async function begun(runId = 'run-1'): Promise<RunCheckpoints> {
  const run = await all.begin(folder.root, { runId, alone: false })
  if (!(run instanceof RunCheckpoints)) throw new Error(run.message)
  return run
}

async function take(run: RunCheckpoints, kind: 'start' | 'end'): Promise<string> {
  const fact = await run.take(kind)
  if (fact.type === 'none') throw new Error(fact.message)
  return fact.commit
}

/** What a run does between its two checkpoints. */
async function ran(work: () => void): Promise<{ from: string; to: string }> {
  const run = await begun()
  const to = await take(run, 'start')
  work()
  return { to, from: await take(run, 'end') }
}

async function putBack(state: PutBack['state'], wish: Partial<PutBack> = {}) {
  const id = randomUUID()
  const done = await all.putBack(folder.root, {
    id,
    state,
    chosen: null,
    undone: [],
    between: [],
    conflicts: 'refuse',
    dryRun: false,
    ...wish
  })
  return { id, ...done }
}

const undo = ({ from, to }: { from: string; to: string }, wish: Partial<PutBack> = {}) =>
  putBack({ type: 'checkpoint', from, to }, wish)

/** All that lies in the work tree, byte by byte. */
function content(path = folder.root, below = ''): Record<string, string> {
  const found: Record<string, string> = {}
  for (const name of readdirSync(path).sort()) {
    if (below === '' && name === '.git') continue
    const at = join(path, name)
    const is = lstatSync(at)
    if (is.isDirectory()) Object.assign(found, content(at, `${below}${name}/`))
    else if (is.isSymbolicLink()) found[`${below}${name}`] = `-> ${readlinkSync(at)}`
    else found[`${below}${name}`] = `${(is.mode & 0o111) !== 0} ${readFileSync(at).toString('latin1')}`
  }
  return found
}

const read = (path: string) => readFileSync(join(folder.root, path), 'latin1')

describe('undo', () => {
  test('puts back all that a run changed, byte by byte, and restoring puts that back again', async () => {
    folder.begin({ 'a.ts': 'one\r\n', 'gone/deep.ts': 'x', '.gitattributes': '* text=auto\n' })
    folder.write('untracked.bin', Buffer.from([0, 13, 10, 255]))
    const before = content()
    const span = await ran(() => {
      folder.write('a.ts', 'two\n')
      rmSync(join(folder.root, 'gone'), { recursive: true })
      folder.write('gone', 'a file now')
      rmSync(join(folder.root, 'untracked.bin'))
      symlinkSync('/etc/passwd', join(folder.root, 'untracked.bin'))
      folder.write('new/with\nbreak', 'new')
    })
    const after = content()
    const head = folder.git('rev-parse', 'HEAD')
    const status = folder.git('status', '--porcelain')
    const { id, done } = await undo(span)
    expect(done).toBe(true)
    expect(content()).toEqual(before)
    expect(await putBack({ type: 'kept', id })).toMatchObject({ done: true })
    expect(content()).toEqual(after)
    expect([folder.git('rev-parse', 'HEAD'), folder.git('status', '--porcelain')]).toEqual([head, status])
    folder.git('fsck', '--strict')
  })

  test('tells in a dry run what it would do, and does nothing', async () => {
    folder.begin({ 'a.ts': 'one\n' })
    const span = await ran(() => {
      folder.write('a.ts', 'two\n')
      folder.write('b.ts', 'new\n')
    })
    const before = content()
    expect(await undo(span, { dryRun: true })).toMatchObject({
      done: false,
      files: [
        { path: 'a.ts', action: 'write', obstacle: null },
        { path: 'b.ts', action: 'remove', obstacle: null }
      ]
    })
    expect(content()).toEqual(before)
    expect(folder.git('for-each-ref', 'refs/flotilla/kept')).toBe('')
  })

  test('what changed later is told, and left unless it is to be overwritten; what others changed beside it stays', async () => {
    folder.begin({ 'a.ts': 'one\n', 'b.ts': 'one\n', 'c.ts': 'one\n' })
    const span = await ran(() => {
      folder.write('a.ts', 'by the run\n')
      folder.write('b.ts', 'by the run\n')
    })
    folder.write('b.ts', 'by hand\n')
    folder.write('c.ts', 'by hand\n')
    const refused = await undo(span)
    expect(refused).toMatchObject({
      done: false,
      files: [{ obstacle: null }, { path: 'b.ts', obstacle: 'changed_later' }]
    })
    expect(read('a.ts')).toBe('by the run\n')
    expect(await undo(span, { conflicts: 'skip' })).toMatchObject({ done: true })
    expect([read('a.ts'), read('b.ts'), read('c.ts')]).toEqual(['one\n', 'by hand\n', 'by hand\n'])
    const { id } = await undo(span, { conflicts: 'overwrite' })
    expect([read('b.ts'), read('c.ts')]).toEqual(['one\n', 'by hand\n'])
    await putBack({ type: 'kept', id })
    expect(read('b.ts')).toBe('by hand\n')
  })

  test('some files, or some hunks of one, with the bytes around them as they were', async () => {
    const lines = Array.from({ length: 40 }, (_, i) => `line ${i}${i === 20 ? '\r' : ''}\n`)
    folder.begin({ 'a.txt': lines.join(''), 'b.txt': 'one\n' })
    const changed = lines.with(2, 'two\n').toSpliced(30, 2).concat('no newline at the end')
    const span = await ran(() => {
      folder.write('a.txt', changed.join(''))
      folder.write('b.txt', 'two\n')
    })
    await undo(span, { chosen: [{ path: 'a.txt', hunks: [1] }] })
    expect(read('a.txt')).toBe(lines.with(2, 'two\n').concat('no newline at the end').join(''))
    expect(read('b.txt')).toBe('two\n')
    folder.write('a.txt', changed.join(''))
    await undo(span, { chosen: [{ path: 'a.txt', hunks: [0, 2] }] })
    expect(read('a.txt')).toBe(lines.toSpliced(30, 2).join(''))
    folder.write('a.txt', changed.join(''))
    await expect(undo(span, { chosen: [{ path: 'a.txt', hunks: [9] }] })).rejects.toThrow('a.txt has 3 hunks')
    // One after the other, and one of them back again.
    for (const [undone, hunks] of [
      [[], [0]],
      [[0], [0, 1]],
      [[0, 1], [1]]
    ])
      expect(
        await undo(span, {
          chosen: [{ path: 'a.txt', hunks: hunks ?? [] }],
          undone: [{ path: 'a.txt', hunks: undone ?? [] }]
        })
      ).toMatchObject({ done: true })
    expect(read('a.txt')).toBe(lines.with(2, 'two\n').concat('no newline at the end').join(''))
    await undo(span, { chosen: [{ path: 'b.txt', hunks: null }] })
    expect(read('b.txt')).toBe('one\n')
  })

  test('what is too large to be kept is neither overwritten nor said to be put back', async () => {
    folder.begin({ 'film.bin': 'small\n' })
    const span = await ran(() => folder.write('film.bin', Buffer.alloc(largestKept + 1)))
    const told = await undo(span, { conflicts: 'overwrite' })
    expect(told).toMatchObject({ done: false, files: [{ path: 'film.bin', obstacle: 'too_large' }] })
    expect(lstatSync(join(folder.root, 'film.bin')).size).toBe(largestKept + 1)
  })

  test('an ignored file in the way is not overwritten, whatever is said of conflicts', async () => {
    folder.begin({ 'a.ts': 'one\n', 'keep.env': 'x\n', gone: 'a file\n' })
    const span = await ran(() => {
      folder.write('a.ts', 'two\n')
      rmSync(join(folder.root, 'keep.env'))
      rmSync(join(folder.root, 'gone'))
    })
    folder.write('.gitignore', '*.env\n')
    folder.write('keep.env', 'secret by hand\n')
    folder.write('gone/x.env', 'another\n')
    const told = await undo(span, { conflicts: 'overwrite' })
    expect(told.files.map(({ path, obstacle }) => [path, obstacle])).toEqual([
      ['a.ts', null],
      ['gone', 'in_the_way'],
      ['keep.env', 'in_the_way']
    ])
    expect([read('a.ts'), read('keep.env'), read('gone/x.env')]).toEqual(['one\n', 'secret by hand\n', 'another\n'])
  })
})

test('over random histories of work, undo and restore no byte is lost, and what others wrote stays', async () => {
  folder.begin({ f0: 'a\n', 'd/f1': 'b\r\n' })
  const random = seeded(Number(process.env.FLOTILLA_TEST_SEED ?? 36))
  const rounds = process.env.FLOTILLA_TEST_EVERYTHING ? 60 : 4
  const names = ['f0', 'd/f1', 'd/f2', 'd', 'f3', 'ü \n"x']
  const work = () => {
    for (let i = 0; i <= random(4); i++) change(join(folder.root, names[random(names.length)] ?? 'f0'), random)
  }
  for (let round = 0; round < rounds; round++) {
    const start = content()
    const span = await ran(work)
    const end = content()
    // By hand, in a file of its own: no undo may touch it.
    folder.write('by-hand', `${round}`)
    const { id, done } = await undo(span, { conflicts: 'overwrite' })
    expect(content()).toEqual({ ...start, 'by-hand': `false ${round}` })
    if (done && random(2) === 0) {
      await putBack({ type: 'kept', id })
      expect(content()).toEqual({ ...end, 'by-hand': `false ${round}` })
    }
  }
  folder.git('fsck', '--strict')
})

function seeded(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return (state >> 8) % below
  }
}

/** Writes, removes, links or makes a folder, whatever lies there. */
function change(path: string, random: (below: number) => number): void {
  const above = join(path, '..')
  if (lstatSync(above, { throwIfNoEntry: false })?.isDirectory() === false) rmSync(above)
  mkdirSync(above, { recursive: true })
  rmSync(path, { recursive: true, force: true })
  const kind = random(5)
  if (kind === 1) symlinkSync(`to ${random(3)}`, path)
  if (kind === 2) {
    mkdirSync(path)
    writeFileSync(join(path, 'inner'), `inner ${random(9)}\r\n`)
  }
  if (kind < 3) return
  const bytes = Array.from({ length: random(40) }, () => random(256))
  writeFileSync(path, Buffer.from(bytes), { mode: random(2) === 0 ? 0o755 : 0o644 })
}
