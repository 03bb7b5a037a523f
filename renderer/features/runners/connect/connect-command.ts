import { judgeFolder } from '#contract/runners/folder-rule'
import { readPairingCode } from '#contract/runners/pairing-code'
import { runnerProgramPath } from '#contract/runners/runner-program'

/** Ways to say it, by the shell that it is pasted into. */
export const shells = [
  { id: 'unix', title: 'macOS, Linux' },
  { id: 'windows', title: 'Windows' }
] as const
export type Shell = (typeof shells)[number]['id']

export interface NewRunner {
  name: string
  /** Absolute; none: private folders only. */
  dirs: readonly string[]
  /** Of this computer, as the other machine reaches it. */
  address: string
}

interface Connection extends Pick<NewRunner, 'dirs' | 'address'> {
  /** It says where to call, and whom to expect there. */
  code: string
}

/** What fetches the runner there and starts it. The code stands in the environment, not among the arguments. */
export function commandFor(shell: Shell, { code, dirs, address }: Connection): string {
  const variables: [string, string][] = [['AGENTFLEET_PAIRING', code]]
  if (dirs.length > 0) variables.push(['ALLOWED_DIRS', dirs.join(',')])
  const file = runnerProgramPath.slice(1)
  const program = address + runnerProgramPath
  const options = curlOptions(readPairingCode(code)?.pin ?? null)
  switch (shell) {
    case 'unix': {
      const set = variables.map(([variable, value]) => `  ${variable}=${single(value, "'\\''")} \\`)
      return [`curl ${options} ${single(program, "'\\''")} && \\`, ...set, `  node ${file}`].join('\n')
    }
    case 'windows': {
      const set = variables.map(([variable, value]) => `$env:${variable} = ${single(value, "''")}`)
      return [`curl.exe ${options} ${single(program, "''")}`, ...set, `node ${file}`].join('\n')
    }
  }
}

/** Nobody vouches for a certificate whose key is pinned: curl goes by the key alone then, too. */
function curlOptions(pin: string | null): string {
  if (pin === null) return '-fsSO'
  return `-fsSOk --pinnedpubkey 'sha256//${pin.replaceAll('-', '+').replaceAll('_', '/')}='`
}

function single(text: string, quote: string): string {
  return `'${text.replaceAll("'", quote)}'`
}

/** Whether this address leads back to whoever calls it. */
export function isLoop(address: string): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(address).hostname)
}

/** Where the other machine may call, the likeliest first: that of this page, unless it holds on this computer only. */
export function addressesFor(origin: string, others: readonly string[]): string[] {
  return [...new Set(isLoop(origin) ? [...others, origin] : [origin, ...others])]
}

/** One folder a line. */
export function readDirs(text: string): string[] {
  return text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
}

/** Why these folders will not do there; undefined: they will. */
export function faultOfDirs(dirs: readonly string[]): string | undefined {
  const platforms = ['linux', 'win32']
  const isAbsolute = (dir: string) =>
    platforms.some(platform => judgeFolder(dir, { platform, allowedDirs: [], dataDir: null }) !== 'not absolute')
  const relative = dirs.find(dir => !isAbsolute(dir))
  if (relative !== undefined) return `Name whole paths, from the root; this is none: ${relative}`
  const several = dirs.find(dir => dir.includes(','))
  return several === undefined ? undefined : `A comma would divide it: ${several}`
}
