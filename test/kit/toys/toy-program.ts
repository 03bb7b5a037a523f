import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { temporaryFolder } from '../start-app.ts'

const root = join(import.meta.dirname, '../../..')
const sources = ['server', 'renderer', 'scripts', 'resources']
const settings = ['package.json', 'package-lock.json', 'tsconfig.base.json', 'vite.config.ts']

/** Something that is added to the program: its files, and the lines that make it known. */
export interface Toy {
  /** By path. */
  files: Readonly<Record<string, string>>
  lines: readonly Line[]
}

interface Line {
  file: string
  /** What the list begins with, as it stands there. */
  list: string
  imports?: string
  entry: string
}

/** A place or a runtime of the runner, whose code is a file of this folder. */
function ofRunner(folder: 'places' | 'runtimes', file: string): Toy {
  const code = readFileSync(join(import.meta.dirname, file), 'utf8')
  const list = `server/runner/${folder}`
  return {
    files: { [`${list}/toy/index.ts`]: code.replaceAll(`../../../${list}/`, '../') },
    lines: [
      {
        file: `${list}/index.ts`,
        list: `const ${folder}: `,
        imports: "import { toy } from './toy/index.ts'",
        entry: 'toy'
      }
    ]
  }
}

export const place = ofRunner('places', 'toy-place.ts')
export const runtime = ofRunner('runtimes', 'toy-runtime.ts')

/** A copy of this program to which toys were added as anybody would, with these pieces of it built. Its folder. */
export function buildToyProgram(toys: readonly Toy[], pieces: readonly string[]): string {
  const program = join(temporaryFolder(), 'program')
  mkdirSync(program)
  for (const name of [...sources, ...settings]) cpSync(join(root, name), join(program, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(program, 'node_modules'))
  for (const { files, lines } of toys) {
    for (const [file, code] of Object.entries(files)) {
      mkdirSync(dirname(join(program, file)), { recursive: true })
      writeFileSync(join(program, file), code)
    }
    for (const line of lines) {
      const file = join(program, line.file)
      writeFileSync(file, withLine(readFileSync(file, 'utf8'), line))
    }
  }
  try {
    execFileSync(process.execPath, ['scripts/build.ts', ...pieces], { cwd: program, stdio: 'pipe' })
  } catch (error) {
    throw new Error(stripVTControlCharacters(String((error as { stderr?: Buffer }).stderr ?? error)))
  }
  return program
}

/** A list ends where the line of its beginning does, or at the first line that is no further in. */
function withLine(code: string, { file, list, imports = '', entry }: Line): string {
  const start = code.indexOf(list)
  if (start < 0) throw new Error(`${file} has no list "${list}"`)
  const line = code.slice(code.lastIndexOf('\n', start) + 1, code.indexOf('\n', start))
  const indent = /^ */.exec(line)?.[0] ?? ''
  const end = /[\]}]$/.test(line) ? code.indexOf('\n', start) - 1 : code.indexOf(`\n${indent}${closing(line)}`, start)
  if (end < 0) throw new Error(`${file}: "${list}" does not end`)
  return `${imports}\n${code.slice(0, end)},\n${indent}  ${entry}${code.slice(end)}`
}

function closing(line: string): ']' | '}' {
  return line.endsWith('[') ? ']' : '}'
}
