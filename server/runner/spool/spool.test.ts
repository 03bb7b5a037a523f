import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Spool } from './spool.ts'
import type { SpoolFile, SpoolLimits } from './spool-file.ts'
import { recover } from './spool-recovery.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-spool-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const run = { runId: 'a-run', attempt: 2 }
const path = () => join(folder, 'a-run.2.items')
const open = (limits?: SpoolLimits): SpoolFile => new Spool(() => folder, limits).file(run)
const event = (n: number, message = `line ${n} ü`) =>
  JSON.stringify({ type: 'event', ts: '', kind: 'assistant', message, data: {}, n })
const add = (file: SpoolFile, json: string) => file.append(json, Buffer.byteLength(json))
const finish = { outcome: 'SUCCEEDED', result: 'done', error: null, ts: '' }

/** A file as a killed process leaves it. */
function left(...lines: string[]): void {
  const file = open()
  for (const line of lines) add(file, line)
}

const numbers = () => recover(open()).items.map(item => item.n)

describe('a file of the spool', () => {
  test('gives back what was written, by its offset', () => {
    const file = open()
    const offsets = [1, 2, 3].map(n => add(file, event(n)))
    expect(file.read(offsets[1] ?? 0, Buffer.byteLength(event(2)))).toBe(event(2))
    expect(file.read(offsets[2] ?? 0, Buffer.byteLength(event(3)))).toBe(event(3))
  })

  test('does not give back what the disk changed', () => {
    const file = open()
    const at = add(file, event(1)) ?? -1
    writeFileSync(path(), readFileSync(path(), 'utf8').replace('line 1', 'line 7'))
    expect(file.read(at, Buffer.byteLength(event(1)))).toBeNull()
  })

  test('exists while it holds something', () => {
    const file = open()
    expect(existsSync(path())).toBe(false)
    add(file, event(1))
    expect(existsSync(path())).toBe(true)
    file.clear()
    expect(readdirSync(folder)).toEqual([])
  })

  test('takes nothing beyond its limit', () => {
    const file = open({ total: 10_000, file: 1000 })
    expect(add(file, event(1, 'x'.repeat(700)))).toBe(0)
    expect(add(file, event(2, 'x'.repeat(700)))).toBeNull()
    expect(add(file, event(2, 'x'))).toBeGreaterThan(0)
  })

  test('leaves room for no more than all of them may have, until one is cleared', () => {
    const spool = new Spool(() => folder, { total: 1000, file: 1000 })
    const [first, second] = [spool.file(run), spool.file({ ...run, runId: 'other' })]
    add(first, event(1, 'x'.repeat(700)))
    expect(add(second, event(1, 'x'.repeat(700)))).toBeNull()
    first.clear()
    expect(add(second, event(1, 'x'.repeat(700)))).toBe(0)
  })
})

describe('what a killed process left', () => {
  test('is found by run and attempt, the last attempt alone', () => {
    left(event(1))
    add(new Spool(() => folder).file({ ...run, attempt: 1 }), event(1))
    add(new Spool(() => folder).file({ runId: 'b.c', attempt: 10 }), event(1))
    expect(new Spool(() => folder).left()).toEqual([run, { runId: 'b.c', attempt: 10 }])
  })

  test('is all there, with the end', () => {
    left(event(5), event(6), JSON.stringify({ finish }))
    expect(numbers()).toEqual([5, 6])
    expect(recover(open()).finish).toEqual(finish)
  })

  test('has no end when the agent was still at work', () => {
    left(event(1))
    expect(recover(open()).finish).toBeNull()
  })

  test.each([1, 5, 20, 40])('torn %i bytes before its end, it has the lines before', bytes => {
    left(event(1), event(2), event(3))
    truncateSync(path(), readFileSync(path()).length - bytes)
    expect(numbers()).toEqual([1, 2])
  })

  test('with garbage at its end, the garbage is passed over', () => {
    left(event(1), event(2))
    appendFileSync(path(), randomBytes(5000))
    appendFileSync(path(), '\n')
    expect(numbers()).toEqual([1, 2])
  })

  test('with a damaged line in the middle, it ends there', () => {
    left(event(1), event(2), event(3))
    writeFileSync(path(), readFileSync(path(), 'utf8').replace('line 2', 'lin\u0000 2'))
    expect(numbers()).toEqual([1])
  })

  test('of zeros, as some file systems leave after a power failure, it is nothing', () => {
    writeFileSync(path(), Buffer.alloc(4096))
    expect(numbers()).toEqual([])
  })

  test('takes no next message for an agent that is gone', () => {
    left(event(1), JSON.stringify({ type: 'turn', ts: '', n: 2 }))
    expect(recover(open()).items[1]).toMatchObject({ n: 2, isTurn: false, json: expect.stringContaining('"facts"') })
  })

  test('counts against the limits', () => {
    left(event(1, 'x'.repeat(700)))
    const file = open({ total: 1000, file: 1000 })
    recover(file)
    expect(add(file, event(2, 'x'.repeat(700)))).toBeNull()
  })
})
