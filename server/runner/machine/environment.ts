import { homedir } from 'node:os'
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

/**
 * What an agent inherits: what a terminal of this user would have (`login`; null: not known, `own` counts), with the
 * folders of both PATHs.
 */
export function agentEnvironment(
  own: Environment,
  login: Environment | null,
  extraFolders: readonly string[] = []
): Environment {
  const env = withoutDenied(login ?? own)
  const home = env.HOME ?? homedir()
  const folders = [
    ...mergedPath(withoutNpmFolders(paths(own), own), paths(login ?? {}), isTerminal(own)),
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

/**
 * The PATH of a terminal is what its user sees there, and stays in front. A desktop starts programs with a PATH that knows
 * less than the login shell: of that only what somebody put in front on purpose stays there.
 */
function mergedPath(own: string[], login: string[], fromTerminal: boolean): string[] {
  if (fromTerminal) return [...own, ...login]
  const known = new Set(login)
  const shared = own.findIndex(folder => known.has(folder))
  const inFront = shared === -1 ? [] : own.slice(0, shared)
  return [...inFront, ...login, ...own]
}

function isTerminal({ TERM }: Environment): boolean {
  return TERM !== undefined && TERM !== '' && TERM !== 'dumb'
}

export function withoutDenied(env: Environment): Environment {
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
