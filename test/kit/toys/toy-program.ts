import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../start-app.ts'

const root = join(import.meta.dirname, '../../..')
const copied = ['server', 'scripts', 'resources', 'package.json', 'package-lock.json', 'tsconfig.base.json']
const built = ['server', 'server-start', 'upkeep', 'reader', 'passwords', 'runner']

/** Adds a toy as anybody would: a folder of its own, and one line in the list beside it. */
function add(program: string, folder: string, file: string, list: string): void {
  const made = join(program, 'server/runner', folder, 'toy')
  mkdirSync(made)
  const code = readFileSync(join(import.meta.dirname, file), 'utf8')
  writeFileSync(join(made, 'index.ts'), code.replaceAll(`../../../server/runner/${folder}/`, '../'))
  const index = join(program, 'server/runner', folder, 'index.ts')
  const before = readFileSync(index, 'utf8')
  const after = before.replace(new RegExp(`(export const ${list}: readonly \\w+\\[\\] = \\[[^\\]]*)\\]`), '$1, toy]')
  if (after === before) throw new Error(`${index} has no list ${list}`)
  writeFileSync(index, `import { toy } from './toy/index.ts'\n${after}`)
}

/** A copy of this program in which a place and a runtime were added, built. Its folder. */
export function buildToyProgram(): string {
  const program = join(temporaryFolder(), 'program')
  mkdirSync(program)
  for (const name of copied) cpSync(join(root, name), join(program, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(program, 'node_modules'))
  add(program, 'places', 'toy-place.ts', 'places')
  add(program, 'runtimes', 'toy-runtime.ts', 'runtimes')
  execFileSync(process.execPath, ['scripts/build.ts', ...built], { cwd: program, stdio: 'pipe' })
  return program
}
