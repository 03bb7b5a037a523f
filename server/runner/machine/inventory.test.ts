import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Inventory } from './inventory.ts'

let home: string
let inventory: Inventory

beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-inventory-')))
  mkdirSync(join(home, 'bin'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

/** Puts a CLI beside and in its place, as installers do. */
function install(version: string, file = 'bin/claude'): void {
  const draft = join(home, `${version}.new`)
  writeFileSync(draft, `#!/bin/sh\necho ${version}\n`)
  chmodSync(draft, 0o755)
  renameSync(draft, join(home, file))
}

async function start(): Promise<void> {
  const PATH = `${join(home, 'bin')}:/usr/bin:/bin`
  inventory = new Inventory({
    dataDir: join(home, 'data'),
    version: '1',
    ownEnv: { HOME: home, PATH, SHELL: '/bin/sh', ANTHROPIC_API_KEY: 'sk-test-key', TERM: 'dumb' },
    node: process.execPath,
    practiceAgent: join(home, 'none'),
    setupWarnings: () => [],
    log: () => {}
  })
  await inventory.prepare('claude-code')
}

const report = () => inventory.reports.find(({ id }) => id === 'claude-code')

test('a CLI that was replaced is noticed before the next run', async () => {
  install('2.1.197')
  await start()
  expect(report()?.version).toBe('2.1.197')
  install('2.1.332')
  await inventory.prepare('claude-code')
  expect(report()?.version).toBe('2.1.332')
})

test('also where only the end of its link was', async () => {
  install('2.1.197', 'old.js')
  symlinkSync(join(home, 'old.js'), join(home, 'bin/claude'))
  await start()
  install('2.1.300', 'old.js')
  await inventory.prepare('claude-code')
  expect(report()?.version).toBe('2.1.300')
})

test('one that became too old is refused with what is needed', async () => {
  install('2.1.197')
  await start()
  install('1.0.2')
  await expect(inventory.prepare('claude-code')).rejects.toThrow('too old')
})

test('one that was replaced while it said its version is asked again', async () => {
  const newer = join(home, 'newer')
  writeFileSync(newer, '#!/bin/sh\necho 1.0.2\n')
  chmodSync(newer, 0o755)
  writeFileSync(join(home, 'bin/claude'), `#!/bin/sh\necho 2.1.197\nmv ${newer} "$0"\n`)
  chmodSync(join(home, 'bin/claude'), 0o755)
  await expect(start()).rejects.toThrow('too old')
})

test('one that is gone is missing', async () => {
  install('2.1.197')
  await start()
  rmSync(join(home, 'bin/claude'))
  await expect(inventory.prepare('claude-code')).rejects.toThrow('not installed')
})
