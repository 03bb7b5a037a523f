import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { test } from 'vitest'
import clis from './clis.json' with { type: 'json' }

/** What some tests need of the machine: where it may lie, and how to get it. */
const tools = {
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
  curl: { variable: 'FLOTILLA_TEST_CURL', names: ['curl'], get: 'install curl' },
  claude: {
    variable: 'FLOTILLA_TEST_CLAUDE',
    names: ['claude'],
    get: `install the Claude Code CLI ${clis['claude-code'].oldest}`
  },
  'claude-newest': {
    variable: 'FLOTILLA_TEST_CLAUDE_NEWEST',
    // What lies on the PATH is of any age.
    names: [],
    get: `install the Claude Code CLI ${clis['claude-code'].newest}`
  }
} as const

export type Tool = keyof typeof tools

/** Where a tool lies, or undefined. */
export function findTool(tool: Tool): string | undefined {
  const { variable, names }: { variable: string; names: readonly string[] } = tools[tool]
  const named = process.env[variable]
  if (named) return existsSync(named) ? named : undefined
  const folders = (process.env.PATH ?? '').split(delimiter)
  return names.flatMap(name => folders.map(folder => join(folder, name))).find(file => existsSync(file))
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
