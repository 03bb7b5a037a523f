import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Mutation, mutations } from './mutations.ts'

/**
 * Takes away one guard of the desktop after the other, in a copy of this tree, and runs the specs there: each must fail.
 * `node test/desktop/mutations/run.ts [part of a name]`. The specs on the copy as it is must pass first.
 */
const root = join(import.meta.dirname, '../../..')
const copy = join(root, '.cache/mutations')
const copied = ['main', 'preload', 'server', 'scripts', 'test', 'resources', 'renderer', 'out', 'package.json']
const configs = ['package-lock.json', 'vitest.config.ts', 'vite.config.ts', 'tsconfig.base.json', 'README.md']

function makeCopy(): void {
  rmSync(copy, { recursive: true, force: true })
  mkdirSync(copy, { recursive: true })
  // With their times, by which the build knows what is up to date.
  for (const name of [...copied, ...configs])
    cpSync(join(root, name), join(copy, name), { recursive: true, preserveTimestamps: true })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
}

function run(...args: string[]): { ok: boolean; said: string } {
  const env = { ...process.env, CI: '', NO_COLOR: '1' }
  const result = spawnSync(process.execPath, args, { cwd: copy, env, encoding: 'utf8', timeout: 400_000 })
  return { ok: result.status === 0, said: result.stdout + result.stderr }
}

function specsPass(...specs: string[]): { ok: boolean; said: string } {
  const built = run('scripts/build.ts')
  if (!built.ok) throw new Error(`The copy cannot be built: ${built.said}`)
  const files = specs.map(spec => `test/desktop/${spec}.test.ts`)
  return run('node_modules/vitest/vitest.mjs', 'run', '--project', 'desktop', '--bail', '1', ...files)
}

/** Whether the specs noticed. */
function tryOut({ file, find, replace, spec }: Mutation): boolean {
  const path = join(copy, file)
  const sound = readFileSync(path, 'utf8')
  if (sound.split(find).length !== 2) throw new Error(`${file} does not hold this exactly once: ${find}`)
  writeFileSync(
    path,
    sound.replace(find, () => replace)
  )
  try {
    return !specsPass(spec).ok
  } finally {
    writeFileSync(path, sound)
  }
}

function tryAll(part: string): number {
  makeCopy()
  const chosen = mutations.filter(({ name }) => name.includes(part))
  const unchanged = specsPass(...new Set(chosen.map(({ spec }) => spec)))
  if (!unchanged.ok) {
    console.error(`The specs fail without any mutation:\n${unchanged.said}`)
    return 1
  }
  const survivors = chosen.filter(mutation => {
    const caught = tryOut(mutation)
    console.log(`${caught ? 'caught  ' : 'SURVIVED'}  ${mutation.name}`)
    return !caught
  })
  console.log(`${chosen.length - survivors.length} of ${chosen.length} mutations caught`)
  return survivors.length === 0 && chosen.length > 0 ? 0 : 1
}

process.exitCode = tryAll(process.argv[2] ?? '')
