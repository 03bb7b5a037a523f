import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { resolveFolder } from './folder.ts'

let root: string
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-folder-')))
  for (const folder of ['code/app', 'data/workspaces', 'outside']) mkdirSync(join(root, folder), { recursive: true })
  writeFileSync(join(root, 'code/file.txt'), '')
  symlinkSync(join(root, 'outside'), join(root, 'code/way-out'))
  symlinkSync(join(root, 'code/app'), join(root, 'code/shortcut'))
})
afterEach(() => {
  rmSync(root, { recursive: true, force: true })
})

function resolve(wish: string | null, allowed = [join(root, 'code')]) {
  return resolveFolder(wish, 'run-1', { allowedDirs: allowed, dataDir: join(root, 'data') })
}

describe('the folder of a run', () => {
  test('is taken when it lies in an allowed one, links resolved', async () => {
    expect(await resolve(join(root, 'code/app'))).toBe(join(root, 'code/app'))
    expect(await resolve(join(root, 'code/shortcut'))).toBe(join(root, 'code/app'))
    expect(await resolve(join(root, 'code'))).toBe(join(root, 'code'))
  })

  test('may be allowed by the name of a link', async () => {
    symlinkSync(join(root, 'code'), join(root, 'link-to-code'))
    expect(await resolve(join(root, 'link-to-code/app'), [join(root, 'link-to-code')])).toBe(join(root, 'code/app'))
  })

  test.each([
    ['CWD_MISSING', 'code/nothing'],
    ['CWD_NOT_A_DIRECTORY', 'code/file.txt'],
    ['CWD_NOT_A_DIRECTORY', 'code/file.txt/below'],
    ['CWD_NOT_ALLOWED', 'outside'],
    ['CWD_NOT_ALLOWED', 'code/way-out'],
    ['CWD_NOT_ALLOWED', 'code/../outside'],
    ['CWD_NOT_ALLOWED', 'data']
  ])('%s: %s', async (code, wish) => {
    await expect(resolve(`${root}/${wish}`)).rejects.toMatchObject({ code, message: expect.stringContaining(wish) })
  })

  test('a neighbour whose name begins alike is not inside', async () => {
    mkdirSync(join(root, 'code-2'))
    await expect(resolve(join(root, 'code-2'))).rejects.toMatchObject({ code: 'CWD_NOT_ALLOWED' })
  })

  test('the data folder is closed even where everything is allowed, its workspaces are open', async () => {
    await expect(resolve(join(root, 'data'), ['/'])).rejects.toMatchObject({ code: 'CWD_NOT_ALLOWED' })
    expect(await resolve(join(root, 'data/workspaces'), [])).toBe(join(root, 'data/workspaces'))
  })

  test.each(['', 'deep/down'])(
    'the data folder of another Flotilla is closed, however much is allowed: %s',
    async below => {
      mkdirSync(join(root, 'code/copy/workspaces/r/deep/down'), { recursive: true })
      const identity = '0198a1c2-0000-7000-8000-000000000000'
      writeFileSync(join(root, 'code/copy/runner.json'), JSON.stringify({ identity }))
      symlinkSync(join(root, 'code/copy/workspaces/r'), join(root, 'code/way-in'))
      for (const wish of ['code/copy/workspaces/r', 'code/way-in'])
        await expect(resolve(join(root, wish, below), ['/'])).rejects.toMatchObject({
          code: 'CWD_NOT_ALLOWED',
          message: expect.stringContaining('the data folder of another Flotilla')
        })
    }
  )

  test.each(['{}', '{"identity":"me"}', 'not even JSON'])(
    'a project may have a runner.json of its own: %s',
    async text => {
      writeFileSync(join(root, 'code/runner.json'), text)
      expect(await resolve(join(root, 'code/app'))).toBe(join(root, 'code/app'))
    }
  )

  test('is a private one of the chain when none is wished', async () => {
    const folder = await resolve(null, [])
    expect(folder).toBe(join(root, 'data/workspaces/run-1'))
    expect(await resolve(null, [])).toBe(folder)
  })

  test('a path that is not absolute is refused', async () => {
    await expect(resolve('code/app')).rejects.toMatchObject({ code: 'CWD_NOT_ALLOWED' })
  })

  test('one that cannot be read says so', async () => {
    symlinkSync(join(root, 'code/circle'), join(root, 'code/circle'))
    await expect(resolve(join(root, 'code/circle'))).rejects.toMatchObject({
      code: 'CWD_UNREADABLE',
      message: expect.stringContaining('ELOOP')
    })
  })
})
