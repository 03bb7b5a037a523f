import { expect, test } from 'vitest'
import { pathInRun, runFolder } from './run-folder.ts'

test.each([
  ['/w/site/src/a.ts', 'src/a.ts'],
  ['/w/site', '/w/site'],
  ['/w/site-2/a.ts', '/w/site-2/a.ts'],
  ['/etc/hosts', '/etc/hosts']
])('%s is seen from its run as %s', (path, seen) => expect(pathInRun(path, { cwd: '/w/site' })).toBe(seen))

test('a folder goes by its name, a private one by that word', () => {
  expect(runFolder({ cwd: '/w/site', rootRunId: 'r' })).toBe('site')
  expect(runFolder({ cwd: '/data/workspaces/r', rootRunId: 'r' })).toBe('private')
  expect(runFolder({ cwd: null, rootRunId: 'r' })).toBe('private')
})
