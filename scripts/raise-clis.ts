import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * `raise-clis.ts` pins the newest version on npm of each CLI that the tests drive; the oldest stays, for it is what users
 * may still have. The fixtures of a runtime are recorded anew by hand.
 */
const file = join(import.meta.dirname, '../test/kit/clis.json')

export interface PinnedCli {
  /** For a person. */
  title: string
  package: string
  oldest: string
  newest: string
}
/** By the names of the programs. */
type Pinned = Record<string, PinnedCli>

/** What is pinned when `latest` says what npm has. Throws when npm names something that is no version. */
export function raised(pinned: Pinned, latest: (name: string) => string): Pinned {
  return Object.fromEntries(
    Object.entries(pinned).map(([name, cli]) => {
      const newest = latest(cli.package).trim()
      if (!/^\d+\.\d+\.\d+$/.test(newest)) throw new Error(`npm says of ${cli.package}: "${newest}"`)
      return [name, { ...cli, newest }]
    })
  )
}

function latestOnNpm(name: string): string {
  return execFileSync('npm', ['view', name, 'version'], { encoding: 'utf8', timeout: 60_000 })
}

if (import.meta.main) {
  const pinned = JSON.parse(readFileSync(file, 'utf8')) as Pinned
  const now = raised(pinned, latestOnNpm)
  writeFileSync(file, `${JSON.stringify(now, null, 2)}\n`)
  for (const [name, { newest }] of Object.entries(now)) console.log(`${name}: ${pinned[name]?.newest} → ${newest}`)
}
