import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { RunItem } from '#contract/runners/runner-protocol'
import { Spool } from '../spool/spool.ts'
import type { SpoolLimits } from '../spool/spool-file.ts'
import { recover } from '../spool/spool-recovery.ts'
import { Backlog } from './backlog.ts'

let root: string
let folder: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'flotilla-backlog-'))
  folder = join(root, 'spool')
  mkdirSync(folder)
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(root, { recursive: true, force: true })
})

const run = { runId: 'run', attempt: 1 }
const finish = { outcome: 'SUCCEEDED', result: null, error: null, ts: '' } as const

function setup(limits?: SpoolLimits) {
  const onRefused = vi.fn()
  const backlog = new Backlog({ file: new Spool(() => folder, limits).file(run), onRefused })
  let n = 0
  const push = (message = 'x') => {
    n++
    backlog.push(n, JSON.stringify({ type: 'event', ts: '', kind: 'assistant', message, data: {}, n }), false)
  }
  const next = () => backlog.next().texts.map(text => JSON.parse(text) as RunItem)
  const kept = () => recover(new Spool(() => folder).file(run)).items.map(item => item.n)
  return { backlog, push, next, kept, onRefused }
}

const numbers = (items: RunItem[]) => items.map(item => item.n)

test('nothing touches the disk while all is taken', () => {
  const { backlog, push } = setup()
  push()
  backlog.forget(1, null)
  push()
  expect(readdirSync(folder)).toEqual([])
})

test('what waits when nobody takes it is on disk, and all that follows, and is sent from there', () => {
  const { backlog, push, next, kept } = setup()
  push('one')
  backlog.spill()
  push('two')
  expect(kept()).toEqual([1, 2])
  expect(next()).toMatchObject([{ message: 'one' }, { message: 'two' }])
})

test('when all is taken the file is gone, and memory is enough again', () => {
  const { backlog, push, kept, next } = setup()
  push()
  backlog.spill()
  push()
  backlog.forget(1, null)
  expect(kept()).toEqual([1, 2])
  backlog.forget(2, null)
  expect(readdirSync(folder)).toEqual([])
  push()
  expect(readdirSync(folder)).toEqual([])
  expect(numbers(next())).toEqual([3])
})

test('is not full with fifty megabytes on disk, in order, each in a batch once', () => {
  const { backlog, push, next } = setup()
  backlog.spill()
  for (let i = 0; i < 100; i++) push(`${i}`.repeat(250_000))
  expect(backlog.full).toBe(false)
  const seen: number[] = []
  while (!backlog.empty) {
    seen.push(...numbers(next()))
    backlog.forget(seen.at(-1) ?? 0, null)
  }
  expect(seen).toEqual(Array.from({ length: 100 }, (_, index) => index + 1))
})

test('is full when neither disk nor memory may take more', () => {
  const { backlog, push, onRefused } = setup({ total: 1_000_000, file: 1_000_000 })
  backlog.spill()
  for (let i = 0; i < 10; i++) push('x'.repeat(990_000))
  expect(backlog.full).toBe(true)
  expect(onRefused).not.toHaveBeenCalled()
})

test('is full when the places of what lies on disk alone take all its memory', () => {
  const { backlog, push } = setup()
  backlog.spill()
  for (let i = 0; i < 90_000; i++) push('')
  expect(backlog.full).toBe(true)
})

test('a turn whose answer is open is kept, also without the file', () => {
  const { backlog, push, next } = setup()
  push()
  backlog.push(2, JSON.stringify({ type: 'turn', ts: '', n: 2 }), true)
  backlog.spill()
  backlog.forget(2, 2)
  expect(readdirSync(folder)).toEqual([])
  expect(next()).toMatchObject([{ type: 'turn', n: 2 }])
  backlog.forget(2, null)
  expect(backlog.empty).toBe(true)
})

test('is safe when the end is on disk, too', () => {
  const { backlog, push } = setup()
  push()
  backlog.spill()
  expect(backlog.safe).toBe(false)
  backlog.end(finish)
  expect(backlog.safe).toBe(true)
  expect(recover(new Spool(() => folder).file(run)).finish).toEqual(finish)
})

test('a disk that refuses is told once, asked again later, and then gets all in order', () => {
  vi.useFakeTimers()
  const { backlog, push, next, kept, onRefused } = setup()
  push()
  rmSync(folder, { recursive: true })
  writeFileSync(folder, '')
  backlog.spill()
  push()
  expect(onRefused).toHaveBeenCalledOnce()
  expect(numbers(next())).toEqual([1, 2])
  vi.advanceTimersByTime(1500)
  push()
  expect(onRefused).toHaveBeenCalledOnce()
  rmSync(folder)
  mkdirSync(folder)
  vi.advanceTimersByTime(1500)
  push()
  expect(kept()).toEqual([1, 2, 3, 4])
})

test('an item that the disk does not give back is replaced by words that say so', () => {
  const { backlog, push, next } = setup()
  backlog.spill()
  push('one')
  push('two')
  const file = join(folder, 'run.1.items')
  writeFileSync(file, Buffer.alloc(40), { flag: 'r+' })
  expect(next()).toMatchObject([{ n: 1, kind: 'error', data: { code: 'SPOOL_UNREADABLE' } }, { message: 'two' }])
})
