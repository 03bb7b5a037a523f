import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readStamps, stampOf } from './stamp.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'flotilla-stamp-'))
  mkdirSync(join(root, 'server/fixtures'), { recursive: true })
  writeFileSync(join(root, 'server/a.ts'), 'a')
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

test('stays the same while nothing changed', () => {
  expect(stampOf(root, ['server'])).toBe(stampOf(root, ['server']))
})

test('changes with a changed, an added and a removed file', () => {
  const before = stampOf(root, ['server'])
  writeFileSync(join(root, 'server/a.ts'), 'longer')
  const changed = stampOf(root, ['server'])
  writeFileSync(join(root, 'server/b.ts'), 'b')
  const added = stampOf(root, ['server'])
  rmSync(join(root, 'server/a.ts'))
  expect(new Set([before, changed, added, stampOf(root, ['server'])]).size).toBe(4)
})

test('ignores tests and recorded transcripts', () => {
  const before = stampOf(root, ['server'])
  writeFileSync(join(root, 'server/a.test.ts'), '')
  writeFileSync(join(root, 'server/fixtures/x.jsonl'), '')
  expect(stampOf(root, ['server'])).toBe(before)
})

test('changes when an input appears that was not there', () => {
  const before = stampOf(root, ['server', 'vite.config.ts'])
  writeFileSync(join(root, 'vite.config.ts'), '')
  expect(stampOf(root, ['server', 'vite.config.ts'])).not.toBe(before)
})

test('a damaged list of stamps counts as empty', () => {
  writeFileSync(join(root, 'stamps.json'), '{"server":')
  expect(readStamps(join(root, 'stamps.json'))).toEqual({})
})
