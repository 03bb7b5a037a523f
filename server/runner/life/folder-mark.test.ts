import { cpSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { folderMark } from './folder-mark.ts'

let folder: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-mark-')))
  writeFileSync(join(folder, 'runner.json'), '{}')
})
afterEach(() => {
  for (const name of ['', '-copy', '-moved', '-link']) rmSync(folder + name, { recursive: true, force: true })
})

test('a copy has another mark, whatever stands in it', () => {
  cpSync(folder, `${folder}-copy`, { recursive: true, preserveTimestamps: true })
  expect(folderMark(`${folder}-copy`)).not.toBe(folderMark(folder))
})

test('a folder keeps its mark when it is moved, written to, or reached by a link', () => {
  const mark = folderMark(folder)
  writeFileSync(join(folder, 'more'), 'x')
  symlinkSync(folder, `${folder}-link`)
  expect(folderMark(`${folder}-link`)).toBe(mark)
  renameSync(folder, `${folder}-moved`)
  expect(folderMark(`${folder}-moved`)).toBe(mark)
})
