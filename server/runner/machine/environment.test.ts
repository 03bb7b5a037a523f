import { describe, expect, test } from 'vitest'
import { agentEnvironment, type Environment, paths } from './environment.ts'

const home = '/home/ada'

describe('the environment of an agent', () => {
  test.each<Environment>([{ HOME: home, SHLVL: '0' }, { HOME: home, SHLVL: 'x' }, {}])(
    'has a shell level with %j, else bash runs .bashrc for each command',
    own => {
      expect(Number(agentEnvironment(own, null).SHLVL)).toBeGreaterThan(0)
    }
  )

  test('is that of the login shell, and our own where there is none', () => {
    const own = { HOME: home, PATH: '/usr/bin', OWN: 'yes' }
    expect(agentEnvironment(own, { HOME: home, PATH: '/usr/bin', EDITOR: 'vi' })).toMatchObject({ EDITOR: 'vi' })
    expect(agentEnvironment(own, { HOME: home, PATH: '/usr/bin', EDITOR: 'vi' })).not.toHaveProperty('OWN')
    expect(agentEnvironment(own, null)).toMatchObject({ OWN: 'yes' })
  })

  test('has the usual places of CLIs and those given on its PATH, none twice', () => {
    const env = agentEnvironment({ HOME: home, PATH: '/usr/bin' }, null, ['/data/clis', '/usr/bin'])
    expect(paths(env)).toContain(`${home}/.local/bin`)
    expect(paths(env).at(-1)).toBe('/data/clis')
    expect(new Set(paths(env)).size).toBe(paths(env).length)
  })

  test.each([
    ['a desktop knows less than the login shell', {}, '/usr/bin:/bin', '/nvm/bin:/usr/bin', '/nvm/bin:/usr/bin:/bin'],
    ['an activated environment', {}, '/venv/bin:/usr/bin', '/nvm/bin:/usr/bin', '/venv/bin:/nvm/bin:/usr/bin'],
    ['nothing in common', {}, '/own', '/login', '/login:/own'],
    ['another version in the terminal', { TERM: 'xterm' }, '/n20:/usr/bin', '/n18:/usr/bin', '/n20:/usr/bin:/n18'],
    ['another order in the terminal', { TERM: 'xterm' }, '/a:/b', '/b:/a', '/a:/b'],
    ['no terminal but a log', { TERM: 'dumb' }, '/usr/bin', '/nvm:/usr/bin', '/nvm:/usr/bin']
  ])('with %s, the PATH keeps in front what was put there', (_, more, own, login, expected) => {
    const env = agentEnvironment({ HOME: home, PATH: own, ...more }, { HOME: home, PATH: login })
    const wanted = expected.split(':')
    expect(paths(env).slice(0, wanted.length)).toEqual(wanted)
  })

  test('holds nothing of ours, of Electron, of npm, or of a CLI around us', () => {
    const env = agentEnvironment(
      {},
      {
        HOME: home,
        PATH: '/usr/bin',
        FLOTILLA_PORT: '1',
        AGENTFLEET_API_KEY: 'af_live_x',
        ALLOWED_DIRS: '/',
        ELECTRON_RUN_AS_NODE: '1',
        npm_config_registry: 'x',
        CLAUDECODE: '1',
        ANTHROPIC_API_KEY: 'stays'
      }
    )
    const names = Object.keys(env).filter(name => /FLOTILLA|AGENTFLEET|ALLOWED|ELECTRON|npm_|CLAUDECODE/.test(name))
    expect(names).toEqual([])
    expect(env.ANTHROPIC_API_KEY).toBe('stays')
  })

  test('does not offer the tools of our own package when npm started us', () => {
    const own = {
      HOME: home,
      npm_package_json: '/app/flotilla/package.json',
      PATH: '/app/flotilla/node_modules/.bin:/app/node_modules/.bin:/x/node-gyp-bin:/mine/node_modules/.bin:/usr/bin'
    }
    expect(paths(agentEnvironment(own, null)).slice(0, 2)).toEqual(['/mine/node_modules/.bin', '/usr/bin'])
  })
})
