import { judgeFolder } from '#contract/runners/folder-rule'
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
}

interface Connection extends NewRunner {
  /** Of the control plane, as the other machine reaches it. */
  url: string
  key: string
}

/** What fetches the runner there and starts it. The key stands in the environment, not among the arguments. */
export function commandFor(shell: Shell, { url, key, name, dirs }: Connection): string {
  const variables: [string, string][] = [
    ['AGENTFLEET_URL', url],
    ['AGENTFLEET_API_KEY', key],
    ['RUNNER_NAME', name]
  ]
  if (dirs.length > 0) variables.push(['ALLOWED_DIRS', dirs.join(',')])
  const file = runnerProgramPath.slice(1)
  switch (shell) {
    case 'unix': {
      const set = variables.map(([variable, value]) => `  ${variable}=${single(value, "'\\''")} \\`)
      return [`curl -fsSO ${single(url + runnerProgramPath, "'\\''")} && \\`, ...set, `  node ${file}`].join('\n')
    }
    case 'windows': {
      const set = variables.map(([variable, value]) => `$env:${variable} = ${single(value, "''")}`)
      return [`curl.exe -fsSO ${single(url + runnerProgramPath, "''")}`, ...set, `node ${file}`].join('\n')
    }
  }
}

function single(text: string, quote: string): string {
  return `'${text.replaceAll("'", quote)}'`
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
