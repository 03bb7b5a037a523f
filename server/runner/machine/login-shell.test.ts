import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { listProcesses } from '../places/host/processes.ts'
import type { Environment } from './environment.ts'
import { loginShell, readLoginShell } from './login-shell.ts'

const patient = { timeout: 20_000 }

let home: string
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-home-')))
})
afterEach(() => {
  for (const pid of started()) kill(pid)
  rmSync(home, { recursive: true, force: true, maxRetries: 5 })
})

/** Pids that start files wrote down. */
function started(): number[] {
  const file = join(home, 'pids')
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map(Number) : []
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Ended by itself.
  }
}

async function isAlive(pid: number): Promise<boolean> {
  return (await listProcesses()).some(entry => entry.pid === pid)
}

function read(rc: string, more: Environment = {}, limitMs = 15_000) {
  writeFileSync(join(home, '.bash_profile'), '. ~/.bashrc\n')
  writeFileSync(join(home, '.bashrc'), `${rc}\n`)
  const env = { HOME: home, PATH: '/usr/local/bin:/usr/bin:/bin', ...more }
  return readLoginShell({ shell: '/bin/bash', env, limitMs })
}

async function environment(rc: string, more = {}): Promise<Environment> {
  const reading = await read(rc, more)
  if ('problem' in reading) throw new Error(reading.problem)
  return reading.env
}

describe('the environment of a login shell', () => {
  test('is what its start files make of it, with odd values intact', async () => {
    const env = await environment("export PATH=/from/rc:$PATH EDITOR=vi; export ODD=$'a\\nb \"c\" \\'d\\' é'", {
      KEPT: 'yes'
    })
    expect(env).toMatchObject({ EDITOR: 'vi', ODD: 'a\nb "c" \'d\' é', KEPT: 'yes' })
    expect(env.PATH).toMatch(/^\/from\/rc:/)
    expect(Object.keys(env).filter(name => /FLOTILLA|VSCODE|^_$|PWD/.test(name))).toEqual([])
  })

  test.each([
    ['print', 'echo "{ not an environment }"; printf "\\0\\0"; yes | head -c 300000; export MARK=seen'],
    ['print nowhere', 'export MARK=seen; exec >/dev/null 2>&1'],
    ['print into a program', 'export MARK=seen; exec > >(cat >/dev/null) 2>&1'],
    ['close everything', 'export MARK=seen; exec 1>&- 2>&- 0<&-'],
    ['read their input', 'read -r first; export MARK=seen'],
    ['give Node what is not there', 'export MARK=seen NODE_OPTIONS="--require /missing.js"'],
    ['give Node what it does not know', 'export MARK=seen NODE_OPTIONS=--no-such-option'],
    [
      'replace what we might call',
      'export MARK=seen; alias sh=false node=false; sh() { false; }; command() { false; }; PATH='
    ],
    ['leave every folder', 'export MARK=seen; cd /'],
    ['put another shell in their place', 'export MARK=seen; [ -z "$AGAIN" ] && AGAIN=1 exec /bin/sh'],
    ['put another login shell in their place', 'export MARK=seen; [ -z "$AGAIN" ] && AGAIN=1 exec /bin/bash -l'],
    ['leave something for their end', 'export MARK=seen; trap "echo bye" EXIT']
  ])(
    'is found when they %s',
    async (_, rc) => {
      expect(await environment(rc)).toMatchObject({ MARK: 'seen' })
    },
    30_000
  )

  test('holds what they give to Node, though ours was started without it', async () => {
    expect(await environment('export NODE_OPTIONS=--no-such-option')).toMatchObject({
      NODE_OPTIONS: '--no-such-option'
    })
    expect(await environment('unset NODE_OPTIONS', { NODE_OPTIONS: '' })).not.toHaveProperty('NODE_OPTIONS')
  })

  test.each([
    ['setsid', "setsid bash -c 'exec sleep 300' & echo $! >> ~/pids"],
    ['nohup', 'nohup sleep 300 & echo $! >> ~/pids'],
    ['a subshell', '(sleep 300 & echo $! >> ~/pids)']
  ])('does not wait for a daemon of theirs that %s keeps, started once and left alone', async (_, rc) => {
    expect(await environment(`export MARK=seen; ${rc}`)).toMatchObject({ MARK: 'seen' })
    expect(started()).toHaveLength(1)
    expect(await isAlive(started()[0] ?? 0)).toBe(true)
  })
})

describe('a login shell that gives none', () => {
  test.each([
    ['exits', 'exit 3', /ended \(exit code 3\) before it was ready/],
    ['is replaced by a program', 'exec true', /ended \(exit code 0\) before it was ready/],
    ['dies', 'kill -KILL $$', /ended \(SIGKILL\) before it was ready/]
  ])('because it %s says so', async (_, rc, words) => {
    expect(await read(rc)).toEqual({ problem: expect.stringMatching(words) })
  })

  test('because it hangs is ended with all that hangs, and says so', async () => {
    const reading = await read('echo $$ >> ~/pids; sleep 300 & echo $! >> ~/pids; wait', {}, 1500)
    expect(reading).toEqual({ problem: expect.stringContaining('was not ready after 1.5 s') })
    await vi.waitFor(async () => {
      for (const pid of started()) expect(await isAlive(pid)).toBe(false)
    }, patient)
    expect(started()).toHaveLength(2)
  }, 30_000)

  test.each(['/nowhere/shell', '/etc/passwd', tmpdir()])('because %s is none says so', async shell => {
    const env = { HOME: home, PATH: '/usr/bin:/bin' }
    expect(await readLoginShell({ shell, env, limitMs: 5000 })).toEqual({ problem: expect.stringContaining(shell) })
  })
})

test('a shell that takes other flags is asked by those', async () => {
  const shell = join(home, 'tcsh')
  writeFileSync(shell, '#!/bin/sh\n[ "$1" = -ic ] || exit 9\nMARK=seen; export MARK\neval "$2"\n')
  chmodSync(shell, 0o755)
  mkdirSync(join(home, 'empty'))
  const env = { HOME: join(home, 'gone'), PATH: '/usr/bin:/bin' }
  expect(await readLoginShell({ shell, env, limitMs: 15_000 })).toMatchObject({ env: { MARK: 'seen' } })
})

test.each(['/bin/false', '/usr/sbin/nologin', '/sbin/nologin'])('%s is no login shell', SHELL => {
  expect(loginShell({ SHELL })).toBeNull()
})
