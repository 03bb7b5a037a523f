import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { claudeCode } from '../runtimes/claude-code/index.ts'
import { codex } from '../runtimes/codex/index.ts'
import { practice } from '../runtimes/practice/index.ts'
import type { Cli } from '../runtimes/runtime.ts'
import { detectRuntime, findProgram, isOlder } from './detect.ts'
import { installCli, readableProgress, removeLeftovers } from './install.ts'

let home: string
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-detect-')))
  mkdirSync(join(home, 'bin'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

function program(name: string, script: string): void {
  const file = join(home, 'bin', name)
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
}

function file(path: string, content: unknown): void {
  mkdirSync(dirname(join(home, path)), { recursive: true })
  writeFileSync(join(home, path), JSON.stringify(content))
}

async function detect(env: Record<string, string> = {}, runtime = claudeCode) {
  const found = { HOME: home, PATH: `${join(home, 'bin')}:/usr/bin:/bin`, ...env }
  return (await detectRuntime(runtime, found, '9.9.9')).report
}

describe('looking for a CLI', () => {
  test('one that is not there is missing and says how to install it', async () => {
    expect(await detect({ PATH: join(home, 'bin') })).toMatchObject({
      state: 'missing',
      installable: true,
      detail: expect.stringContaining('npm install -g @anthropic-ai/claude-code@2')
    })
  })

  test('one with a credential is ready', async () => {
    program('claude', 'echo "2.1.197 (Claude Code)"')
    expect(await detect({ ANTHROPIC_API_KEY: 'x' })).toMatchObject({
      state: 'ready',
      version: '2.1.197',
      signedIn: 'yes',
      path: join(home, 'bin/claude')
    })
  })

  test('one that is too old says what is needed', async () => {
    program('claude', 'echo 1.0.44')
    expect(await detect()).toMatchObject({ state: 'too_old', detail: expect.stringContaining('2.1.0 is needed') })
  })

  test.each([
    ['fails', 'echo oh no >&2; exit 1', 'oh no'],
    ['says nothing', 'exit 0', 'says no version']
  ])('one that %s is broken', async (_, script, words) => {
    program('claude', script)
    expect(await detect()).toMatchObject({ state: 'broken', detail: expect.stringContaining(words) })
  })

  test('one without a credential is not signed in and says how', async () => {
    program('claude', 'echo 2.1.197')
    // macOS may keep it where only the user can look.
    const expected = process.platform === 'darwin' ? { signedIn: 'unknown' } : { state: 'not_signed_in' }
    expect(await detect()).toMatchObject(expected)
  })

  test.each([
    ['.claude/.credentials.json', {}],
    ['.claude/settings.json', { apiKeyHelper: 'cat key' }],
    ['.claude/settings.json', { env: { ANTHROPIC_AUTH_TOKEN: 'x' } }],
    ['.claude.json', { oauthAccount: { accountUuid: 'x' } }]
  ])('%s with %j is a credential', async (path, content) => {
    program('claude', 'echo 2.1.197')
    file(path, content)
    expect(await detect()).toMatchObject({ state: 'ready', signedIn: 'yes' })
  })

  test.each([
    ['a key', '', 'yes'],
    ['a provider of the user', 'model_provider = "mine"', 'yes'],
    ['a credential where it cannot be seen', 'cli_auth_credentials_store = "keyring"', 'unknown'],
    ['other settings', 'model = "m"', 'no'],
    ['settings that cannot be read', 'model = ', 'no']
  ])('settings in TOML are read: %s', async (name, text, signedIn) => {
    program('codex', 'echo "codex-cli 0.169.0"')
    mkdirSync(join(home, '.codex'))
    writeFileSync(join(home, '.codex/config.toml'), text)
    const env: Record<string, string> = name === 'a key' ? { OPENAI_API_KEY: 'x' } : {}
    expect(await detect(env, codex)).toMatchObject({ version: '0.169.0', signedIn })
  })

  test('CLAUDE_CONFIG_DIR says where the credential lies', async () => {
    program('claude', 'echo 2.1.197')
    file('elsewhere/.credentials.json', {})
    expect(await detect({ CLAUDE_CONFIG_DIR: join(home, 'elsewhere') })).toMatchObject({ signedIn: 'yes' })
  })

  test('a folder or a file that cannot be run is no program', async () => {
    mkdirSync(join(home, 'bin/claude'))
    expect(await findProgram(['claude'], { PATH: join(home, 'bin') })).toBeNull()
  })

  test('a runtime without a CLI is always ready', async () => {
    const { report } = await detectRuntime(practice, {}, '9.9.9')
    expect(report).toMatchObject({ state: 'ready', version: '9.9.9' })
  })

  test.each([
    ['2.1.0', '2.1.0', false],
    ['2.0.99', '2.1.0', true],
    ['2.10.0', '2.9.0', false],
    ['2.1.0-beta.3', '2.1.0', false],
    ['1', '1.0.1', true]
  ])('%s is older than %s: %s', (version, minimum, older) => {
    expect(isOlder(version, minimum)).toBe(older)
  })
})

describe('installing a CLI', () => {
  const cli: Cli = { ...(claudeCode.cli as Cli), names: ['claude'] }

  function install(onProgress: (line: string) => void = () => {}) {
    const env = { HOME: home, PATH: `${join(home, 'bin')}:/usr/bin:/bin` }
    const ownEnv = { npm_config_mine: 'kept', npm_lifecycle_event: 'start' }
    return installCli({ cli, runtimeId: 'claude-code', dataDir: home, env, ownEnv, onProgress })
  }

  const fakeNpm = `
echo "npm http fetch GET 200 https://somewhere.example/@anthropic-ai%2fclaude-code 12ms" >&2
env > "$3/env.txt"
mkdir -p "$3/node_modules/.bin"; printf '#!/bin/sh\\necho 2.1.9' > "$3/node_modules/.bin/claude"; chmod +x "$3/node_modules/.bin/claude"
echo "added 3 packages"`

  test('lays it into the data folder whole, with progress in plain words', async () => {
    program('npm', fakeNpm)
    const progress: string[] = []
    await install(line => progress.push(line))
    expect(await findProgram(['claude'], { PATH: join(home, 'clis/claude-code/node_modules/.bin') })).not.toBeNull()
    expect(progress).toEqual(expect.arrayContaining(['Fetched @anthropic-ai/claude-code', 'added 3 packages']))
  })

  test('a failure carries the words of npm and leaves nothing half, nor touches what was there', async () => {
    program('npm', fakeNpm)
    await install()
    program('npm', 'echo "npm error code E404" >&2; echo "npm error Not found" >&2; mkdir -p "$3/node_modules"; exit 1')
    await expect(install()).rejects.toThrow('code E404\nNot found')
    expect(await findProgram(['claude'], { PATH: join(home, 'clis/claude-code/node_modules/.bin') })).not.toBeNull()
    expect(
      await findProgram(['claude'], { PATH: join(home, 'clis/.installing-claude-code/node_modules/.bin') })
    ).toBeNull()
  })

  test('without npm it says what to do', async () => {
    const env = { PATH: join(home, 'bin') }
    const options = { cli, runtimeId: 'claude-code', dataDir: home, env, ownEnv: {}, onProgress: () => {} }
    await expect(installCli(options)).rejects.toThrow('Install Node.js with npm')
  })

  test('what an interrupted installation left is taken away', async () => {
    file('clis/.installing-claude-code/node_modules/half.json', {})
    file('clis/claude-code/whole.json', {})
    await removeLeftovers(home)
    await expect(removeLeftovers(join(home, 'nothing'))).resolves.toBeUndefined()
    const { readdirSync } = await import('node:fs')
    expect(readdirSync(join(home, 'clis'))).toEqual(['claude-code'])
  })

  test('progress is shown without addresses', () => {
    expect(readableProgress('npm http fetch GET 200 https://host.example/zod 3ms (cache hit)')).toBe('Fetched zod')
    expect(readableProgress('npm http cache zod@https://host.example/zod/-/zod-4.tgz 0ms (cache hit)')).toBe(
      'Fetched zod/-/zod-4.tgz'
    )
    expect(readableProgress('npm warn deprecated thing')).toBe('deprecated thing')
  })
})
