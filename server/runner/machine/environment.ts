import { spawn } from 'node:child_process'
import { homedir, userInfo } from 'node:os'
import { delimiter, dirname, join } from 'node:path'

export type Environment = Record<string, string>

/** What an agent must not inherit: ours, Electron's, npm's, and what makes a CLI believe that it runs inside of another. */
const deniedPrefixes = ['FLOTILLA_', 'AGENTFLEET_', 'ELECTRON_', 'npm_']
const deniedNames = new Set([
  'ALLOWED_DIRS',
  'RUNNER_NAME',
  'INIT_CWD',
  'NODE_CHANNEL_FD',
  'NODE_CHANNEL_SERIALIZATION_MODE',
  'NODE_UNIQUE_ID',
  'CLAUDECODE',
  'CLAUDE_CODE_ENTRYPOINT',
  'CLAUDE_CODE_SSE_PORT',
  'CLAUDE_CODE_SESSION_ID',
  'GEMINI_CLI',
  'CODEX_SANDBOX'
])

/** Where CLIs are found even when the app was started without a shell. Below the home folder unless absolute. */
const usualFolders = [
  '.local/bin',
  '.claude/local',
  '.npm-global/bin',
  '.bun/bin',
  '.volta/bin',
  '/usr/local/bin',
  '/opt/homebrew/bin'
]

const shellLimitMs = 5000
const mark = '__flotilla_environment__'

/**
 * The environment that a terminal of this user would have, with the PATH of both this process and the login shell. Falls
 * back to `own` when the shell does not answer in time.
 */
export async function agentEnvironment(own: Environment, extraFolders: string[] = []): Promise<Environment> {
  const login = process.platform === 'win32' ? null : await loginEnvironment(own)
  const env = withoutDenied(login ?? own)
  const home = env.HOME ?? homedir()
  const folders = [
    ...paths(login ?? {}),
    ...withoutNpmFolders(paths(own), own),
    ...usualFolders.map(folder => (folder.startsWith('/') ? folder : join(home, folder))),
    ...extraFolders
  ]
  // With a level below 1, bash takes the socket that is its stdin for a remote login and runs the user's .bashrc.
  const level = String(Math.max(1, Number(env.SHLVL) || 0))
  return { ...env, SHLVL: level, [pathName(env)]: [...new Set(folders)].join(delimiter) }
}

/** Folders of the PATH; Windows may spell its name in another case. */
export function paths(env: Environment): string[] {
  return (env[pathName(env)] ?? '').split(delimiter).filter(folder => folder !== '')
}

function pathName(env: Environment): string {
  return Object.keys(env).find(name => name.toUpperCase() === 'PATH') ?? 'PATH'
}

function withoutDenied(env: Environment): Environment {
  const allowed = ([name]: [string, string]) =>
    !deniedNames.has(name) && !deniedPrefixes.some(prefix => name.startsWith(prefix))
  return Object.fromEntries(Object.entries(env).filter(allowed))
}

/** `npm start` puts the tools of our own package before the user's; an agent must not get those. */
function withoutNpmFolders(folders: string[], own: Environment): string[] {
  if (own.npm_package_json === undefined) return folders
  const ours = new Set<string>()
  for (let folder = dirname(own.npm_package_json); ; folder = dirname(folder)) {
    ours.add(join(folder, 'node_modules', '.bin'))
    if (folder === dirname(folder)) break
  }
  return folders.filter(folder => !ours.has(folder) && !folder.endsWith('node-gyp-bin'))
}

async function loginEnvironment(own: Environment): Promise<Environment | null> {
  const shell = own.SHELL || userInfo().shell
  if (!shell || /(false|nologin)$/.test(shell)) return null
  // Its own node prints it: `env -0` is not everywhere, and values may hold line feeds.
  const print = `process.stdout.write('${mark}' + JSON.stringify(process.env) + '${mark}')`
  const output = await shellOutput(shell, `'${process.execPath}' -e "${print}"`, own)
  const json = output.split(mark)[1]
  if (json === undefined) return null
  const { _: _last, PWD: _pwd, OLDPWD: _oldPwd, ...env } = JSON.parse(json)
  return env
}

function shellOutput(shell: string, script: string, env: Environment): Promise<string> {
  return new Promise(resolve => {
    const child = spawn(shell, ['-ilc', script], {
      env: withoutDenied(env),
      stdio: ['ignore', 'pipe', 'ignore'],
      // Interactive shells reach for the terminal; in a session of its own there is none to take.
      detached: true
    })
    const chunks: Buffer[] = []
    const done = () => resolve(Buffer.concat(chunks).toString('utf8'))
    const limit = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      done()
    }, shellLimitMs)
    child.stdout.on('data', chunk => chunks.push(chunk))
    child.once('error', done)
    child.once('close', () => {
      clearTimeout(limit)
      done()
    })
  })
}
