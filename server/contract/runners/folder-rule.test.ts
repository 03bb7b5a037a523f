import { expect, test } from 'vitest'
import { type FolderVerdict, isInside, judgeFolder } from './folder-rule.ts'

const here = { platform: 'linux', allowedDirs: ['/code', '/srv/app'], dataDir: '/home/a/.flotilla' }
const windows = { platform: 'win32', allowedDirs: ['C:\\Code'], dataDir: 'C:\\Users\\a\\Flotilla' }

test.each<[FolderVerdict, string]>([
  ['allowed', '/code'],
  ['allowed', '/code/app/'],
  ['allowed', '/code/./a/../b'],
  ['allowed', '/srv/app/..app'],
  ['elsewhere', '/code/../etc'],
  ['elsewhere', '/code-2'],
  ['elsewhere', '/srv'],
  ['elsewhere', '/'],
  ['not absolute', 'code'],
  ['not absolute', '../code'],
  ['data folder', '/home/a/.flotilla'],
  ['data folder', '/home/a/.flotilla/spool/x'],
  ['data folder', '/home/a/.flotilla/workspaces/../logs'],
  ['allowed', '/home/a/.flotilla/workspaces/r']
])('%s: %s', (verdict, folder) => {
  expect(judgeFolder(folder, here)).toBe(verdict)
})

test.each<[FolderVerdict, string]>([
  ['allowed', 'c:/code/App'],
  ['allowed', 'C:\\CODE'],
  ['elsewhere', 'D:\\Code'],
  ['elsewhere', 'C:\\Code2'],
  ['not absolute', 'Code\\App'],
  ['data folder', 'C:\\Users\\a\\flotilla\\logs'],
  ['allowed', 'C:\\Users\\a\\Flotilla\\workspaces\\r']
])('%s on Windows: %s', (verdict, folder) => {
  expect(judgeFolder(folder, windows)).toBe(verdict)
})

test('the data folder stays closed where everything is allowed', () => {
  const rule = { ...here, allowedDirs: ['/'] }
  expect(judgeFolder('/anything', rule)).toBe('allowed')
  expect(judgeFolder('/home/a/.flotilla/logs', rule)).toBe('data folder')
})

test.each([
  ['/a', '/a', true],
  ['/a/b', '/a', true],
  ['/a/..b', '/a', true],
  ['/ab', '/a', false],
  ['/', '/a', false],
  ['/a', '/', true]
])('%s inside of %s: %s', (folder, parent, inside) => {
  expect(isInside(folder, parent, 'linux')).toBe(inside)
})
