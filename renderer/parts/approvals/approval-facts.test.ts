import { expect, test } from 'vitest'
import { factsOf } from './approval-facts.ts'

const touched = (path: string, cwd: string | null = '/projects/shop') =>
  factsOf({ kind: 'write', path, content: '' }, cwd)[0]?.value

test('a path says whether it leaves the folder, however it is written', () => {
  expect(['a.ts', 'src/a.ts', '/projects/shop/a.ts'].map(path => touched(path))).toEqual(
    Array(3).fill('1 file in its folder')
  )
  const outside = [
    '../a.ts',
    'src/../../a.ts',
    '/etc/passwd',
    '/projects/shopping/a.ts',
    '/projects/shop/../a',
    'C:\\a'
  ]
  expect(outside.map(path => touched(path))).toEqual(Array(6).fill('1 file outside its folder'))
  expect(touched('/projects/shop/a.ts', null)).toBe('1 file outside its folder')
})

test('an address is its host; of a command nothing is pretended', () => {
  expect(factsOf({ kind: 'fetch', url: 'https://example.com/a?b' }, null)[1]?.value).toBe('example.com')
  expect(factsOf({ kind: 'command', command: 'ls', note: null }, null)[0]?.value).toBe('What the command decides')
  expect(factsOf({ kind: 'plan', text: '' }, null)).toEqual([])
})
