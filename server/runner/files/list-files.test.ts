import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { hostFiles } from '../places/host/files.ts'
import { resolveFolder } from '../places/host/folder.ts'
import { listFiles } from './list-files.ts'

let root: string
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-files-')))
  for (const folder of ['code/src/deep/deeper', 'code/.git', 'code/node_modules/x', 'outside', 'data'])
    mkdirSync(join(root, folder), { recursive: true })
  for (const file of ['code/a.ts', 'code/src/b.ts', 'code/src/deep/c.ts', 'code/.git/config', 'outside/secret.txt'])
    writeFileSync(join(root, file), '')
  symlinkSync(join(root, 'outside'), join(root, 'code/way-out'))
  symlinkSync(join(root, 'code'), join(root, 'code/round'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

type Bounds = Parameters<typeof listFiles>[1]

function list(folder: string, query = '', bounds?: Bounds, signal = new AbortController().signal) {
  const rules = { allowedDirs: [join(root, 'code')], dataDir: join(root, 'data') }
  const place = { files: hostFiles, folder: (wish: string | null) => resolveFolder(wish, '', rules) }
  return listFiles(place, bounds)({ folder, query }, signal)
}

test('names lie below the folder; what a version control and packages keep there is passed over', async () => {
  expect(await list(join(root, 'code'))).toEqual({
    paths: ['src/', 'a.ts', 'round', 'way-out'],
    more: false,
    partial: false
  })
  expect((await list(join(root, 'code'), '.ts')).paths).toEqual(['a.ts', 'src/b.ts', 'src/deep/c.ts'])
  expect((await list(join(root, 'code'), 'config')).paths).toEqual([])
})

test('a link is named and not followed', async () => {
  expect((await list(join(root, 'code'), 'secret')).paths).toEqual([])
  expect((await list(join(root, 'code'), 'round/')).paths).toEqual([])
})

test.each(['outside', 'code/way-out', 'code/../outside', 'data', 'code/nothing'])(
  '%s is not looked into',
  async folder => {
    await expect(list(join(root, folder))).rejects.toThrow(/not allowed|does not exist/)
  }
)

test('a look ends at its bounds and says so', async () => {
  const wide = { entries: 50_000, depth: 20, ms: 60_000 }
  const code = join(root, 'code')
  expect(await list(code, '', { ...wide, entries: 2 })).toMatchObject({ partial: true })
  expect(await list(code, 'deep', { ...wide, depth: 2 })).toMatchObject({ paths: ['src/deep/'], partial: true })
  expect(await list(code, '', { ...wide, ms: -1 })).toMatchObject({ paths: [], partial: true })
  expect(await list(code, '', wide, AbortSignal.abort())).toMatchObject({ partial: true })
})
