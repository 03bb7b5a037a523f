import { chmodSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { agentEnvironment, paths } from './environment.ts'

let home: string
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-home-')))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

/** A shell that sets what a profile would, then does as told. */
function shell(profile: string): string {
  const file = join(home, 'shell')
  writeFileSync(file, `#!/bin/sh\n${profile}\nshift\neval "$1"\n`)
  chmodSync(file, 0o755)
  return file
}

describe('the environment of an agent', () => {
  test.each(['/bin/false', undefined])(
    'has a shell level with SHELL %s, else bash runs .bashrc for each command',
    async SHELL => {
      const env = await agentEnvironment({ HOME: home, PATH: '/usr/bin:/bin', ...(SHELL ? { SHELL } : {}) })
      expect(Number(env.SHLVL)).toBeGreaterThan(0)
    }
  )

  test('is what the login shell would give, with odd values intact', async () => {
    const SHELL = shell('export PATH=/from/profile:/usr/bin EDITOR=vi; export ODD=\'a\nb "c"\'')
    const env = await agentEnvironment({ SHELL, HOME: home, PATH: '/own:/usr/bin', KEPT: 'yes' })
    expect(env).toMatchObject({ EDITOR: 'vi', ODD: 'a\nb "c"', KEPT: 'yes', HOME: home })
    expect(paths(env).slice(0, 3)).toEqual(['/from/profile', '/usr/bin', '/own'])
  })

  test('has the usual places of CLIs and those given on its PATH, none twice', async () => {
    const env = await agentEnvironment({ SHELL: '/bin/false', HOME: home, PATH: '/usr/bin' }, ['/data/clis'])
    expect(paths(env)).toContain(join(home, '.local/bin'))
    expect(paths(env).at(-1)).toBe('/data/clis')
    expect(new Set(paths(env)).size).toBe(paths(env).length)
  })

  test('holds nothing of ours, of Electron, of npm, or of a CLI around us', async () => {
    const env = await agentEnvironment({
      SHELL: shell(''),
      HOME: home,
      PATH: '/usr/bin',
      FLOTILLA_PORT: '1',
      AGENTFLEET_API_KEY: 'af_live_x',
      ALLOWED_DIRS: '/',
      ELECTRON_RUN_AS_NODE: '1',
      npm_config_registry: 'x',
      CLAUDECODE: '1',
      ANTHROPIC_API_KEY: 'stays'
    })
    const names = Object.keys(env).filter(name => /FLOTILLA|AGENTFLEET|ALLOWED|ELECTRON|npm_|CLAUDECODE/.test(name))
    expect(names).toEqual([])
    expect(env.ANTHROPIC_API_KEY).toBe('stays')
  })

  test('does not offer the tools of our own package when npm started us', async () => {
    const env = await agentEnvironment({
      SHELL: '/bin/false',
      HOME: home,
      npm_package_json: '/app/flotilla/package.json',
      PATH: '/app/flotilla/node_modules/.bin:/app/node_modules/.bin:/x/node-gyp-bin:/mine/node_modules/.bin:/usr/bin'
    })
    expect(paths(env).slice(0, 2)).toEqual(['/mine/node_modules/.bin', '/usr/bin'])
  })

  test.each([
    ['prints garbage', 'echo garbage; exit 0'],
    ['fails', 'exit 7']
  ])('is our own when the shell %s', async (_, profile) => {
    const env = await agentEnvironment({ SHELL: shell(profile), HOME: home, PATH: '/usr/bin', OWN: 'yes' })
    expect(env.OWN).toBe('yes')
  })
})
