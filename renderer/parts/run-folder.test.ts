import { expect, test } from 'vitest'
import { pathInRun, runFolder } from './run-folder.ts'

test.each([
  ['/w/site/src/a.ts', 'src/a.ts'],
  ['/w/site', '/w/site'],
  ['/w/site-2/a.ts', '/w/site-2/a.ts'],
  ['/etc/hosts', '/etc/hosts']
])('%s is seen from its run as %s', (path, seen) => expect(pathInRun(path, { cwd: '/w/site' })).toBe(seen))

test('a folder goes by its name, a private one by that word', () => {
  const folder = (cwd: string | null, agentId: string | null = null) => runFolder({ cwd, agentId, rootRunId: 'r' })
  expect(folder('/w/site')).toBe('site')
  expect(folder('/data/workspaces/r')).toBe('private')
  expect(folder('/data/workspaces/a', 'a')).toBe('private')
  expect(folder('/w/a', 'b')).toBe('a')
  expect(folder(null)).toBe('private')
})
