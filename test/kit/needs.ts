import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { test } from 'vitest'
import clis from './clis.json' with { type: 'json' }

/** What some tests need of the machine: where it may lie, and how to get it. */
interface Wanted {
  variable: string
  /** On the PATH. */
  names: readonly string[]
  files?: readonly string[]
  get: string
}

const others = {
  jq: { variable: 'FLOTILLA_TEST_JQ', names: ['jq'], get: 'install jq' },
  python: { variable: 'FLOTILLA_TEST_PYTHON', names: ['python3'], get: 'install Python' },
  chromium: {
    variable: 'FLOTILLA_TEST_CHROMIUM',
    names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    get: 'install Chromium'
  },
  /** The same engine without the window around its pages, which costs as much as they do. */
  'chromium-shell': {
    variable: 'FLOTILLA_TEST_CHROMIUM_SHELL',
    names: ['chromium-headless-shell', 'chrome-headless-shell'],
    get: "install Chromium's headless shell"
  },
  /** Its socket; any that answers the API of Docker. */
  engine: {
    variable: 'FLOTILLA_TEST_ENGINE',
    names: [],
    files: ['/var/run/docker.sock'],
    get: 'install Docker and start it'
  },
  git: { variable: 'FLOTILLA_TEST_GIT', names: ['git'], get: 'install git' },
  curl: { variable: 'FLOTILLA_TEST_CURL', names: ['curl'], get: 'install curl' }
} as const

export type Cli = keyof typeof clis
type PinnedCli = Cli | `${Cli}-newest`
export type Tool = keyof typeof others | PinnedCli

/** Each pinned CLI by its name, in the oldest version that is supported, and `-newest`. */
const pinned = Object.fromEntries(
  Object.entries(clis).flatMap(([name, { title, oldest, newest }]): [string, Wanted][] => {
    const variable = `FLOTILLA_TEST_${name.toUpperCase()}`
    return [
      [name, { variable, names: [name], get: `install ${title} ${oldest}` }],
      // What lies on the PATH is of any age.
      [`${name}-newest`, { variable: `${variable}_NEWEST`, names: [], get: `install ${title} ${newest}` }]
    ]
  })
) as Record<PinnedCli, Wanted>
const tools: Record<Tool, Wanted> = { ...others, ...pinned }

/** Where a tool lies, or undefined. */
export function findTool(tool: Tool): string | undefined {
  const { variable, names, files = [] } = tools[tool]
  const named = process.env[variable]
  if (named) return existsSync(named) ? named : undefined
  const folders = (process.env.PATH ?? '').split(delimiter)
  return [...names.flatMap(name => folders.map(folder => join(folder, name))), ...files].find(file => existsSync(file))
}

/** Vitest's `test` where the tools are there. Elsewhere a skip that says why; in CI an error. */
export function needs(...wanted: Tool[]): typeof test | typeof test.skip {
  const missing = wanted.filter(tool => !findTool(tool))
  if (missing.length === 0) return test
  const reason = missing.map(tool => `${tool} is missing: ${tools[tool].get}, or name it in ${tools[tool].variable}`)
  if (process.env.CI) throw new Error(reason.join('; '))
  console.log(`Skipping tests, ${reason.join('; ')}.`)
  return test.skip
}
