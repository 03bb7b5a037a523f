import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import type { Plugin } from 'vite'
import { type FilesPiece, type PagesPiece, type Piece, pieces, type ScriptPiece } from './pieces.ts'
import { readStamps, stampOf } from './stamp.ts'

const root = dirname(import.meta.dirname)
const out = join(root, 'out')
const stampFile = join(out, 'stamps.json')

/** A change of these may change every piece. */
const everywhere = ['package.json', 'package-lock.json', 'scripts/build.ts', 'scripts/pieces.ts', 'tsconfig.base.json']

/** Brings out/ up to date. Returns whether it is; what failed stands on stderr. */
export async function build(ids: string[] = pieces.map(piece => piece.id)): Promise<boolean> {
  const wanted = pieces.filter(piece => ids.includes(piece.id)).map(piece => ({ piece, stamp: stampOfPiece(piece) }))
  const stamps = readStamps(stampFile)
  const stale = wanted.filter(({ piece, stamp }) => stamps[piece.id] !== stamp || !existsSync(join(out, piece.output)))
  if (stale.length === 0) return true

  const startedAt = performance.now()
  // Made of the former files.
  rmSync(join(out, 'compile-cache'), { recursive: true, force: true })
  const results = await Promise.allSettled(stale.map(({ piece }) => buildPiece(piece)))
  const built: Record<string, string> = {}
  for (const [index, { piece, stamp }] of stale.entries()) {
    const result = results[index]
    if (result?.status === 'fulfilled') built[piece.id] = stamp
    else console.error(`Building ${piece.id} failed: ${messageOf(result?.reason)}`)
  }
  // Read again: another build may have finished other pieces meanwhile.
  replaceFile(stampFile, JSON.stringify({ ...readStamps(stampFile), ...built }, null, 2))
  console.log(`Built ${Object.keys(built).join(', ') || 'nothing'} in ${Math.round(performance.now() - startedAt)} ms`)
  return Object.keys(built).length === stale.length
}

function stampOfPiece(piece: Piece): string {
  return stampOf(root, [...everywhere, ...piece.inputs])
}

function buildPiece(piece: Piece): Promise<void> {
  switch (piece.kind) {
    case 'script':
      return buildScript(piece)
    case 'pages':
      return buildPages(piece)
    case 'files':
      return copyFiles(piece)
  }
}

async function buildScript(piece: ScriptPiece): Promise<void> {
  const vite = await import('vite')
  const result = await vite.build({
    root,
    configFile: false,
    logLevel: 'warn',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [nothingFor(piece.without ?? [])],
    ssr: { noExternal: true, external: ['electron', 'better-sqlite3'] },
    build: {
      ssr: true,
      write: false,
      target: 'node24',
      minify: false,
      rolldownOptions: {
        input: join(root, piece.entry),
        // A parenthesis ahead of a function is how one asks V8 to compile it at once.
        optimization: { pifeForModuleWrappers: !piece.lazy },
        // One character beyond Latin-1 and V8 keeps the whole text in two bytes each.
        output: {
          format: piece.format,
          codeSplitting: false,
          comments: { legal: true, annotation: false, jsdoc: false },
          minify: { compress: false, mangle: false, codegen: { removeWhitespace: false, asciiOnly: true } }
        }
      }
    }
  })
  if (!('output' in result)) throw new Error(`${piece.entry} did not give one bundle`)
  const [chunk, ...more] = result.output
  if (more.length > 0)
    throw new Error(`${piece.entry} gave more than one file: ${more.map(o => o.fileName).join(', ')}`)
  replaceFile(join(out, piece.output), chunk.code)
}

/** Stands in for libraries that are asked for and not used. */
function nothingFor(libraries: readonly string[]): Plugin {
  const id = '\0nothing'
  return {
    name: 'nothing',
    enforce: 'pre',
    resolveId: source => (libraries.includes(source) ? id : null),
    load: source => (source === id ? 'module.exports = {}' : null)
  }
}

async function buildPages(piece: PagesPiece): Promise<void> {
  const vite = await import('vite')
  await replaceFolder(join(out, piece.output), async folder => {
    await vite.build({
      configFile: join(root, piece.config),
      logLevel: 'warn',
      build: { outDir: folder, emptyOutDir: true }
    })
  })
}

async function copyFiles(piece: FilesPiece): Promise<void> {
  await replaceFolder(join(out, piece.output), async folder => {
    for (const file of piece.files) copyFileSync(join(root, file), join(folder, basename(file)))
  })
}

/** A running control plane reads from out/: it must find the old file or the new one, never half of it. */
function replaceFile(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true })
  const fresh = `${file}.${process.pid}`
  writeFileSync(fresh, content)
  renameSync(fresh, file)
}

async function replaceFolder(folder: string, fill: (fresh: string) => Promise<void>): Promise<void> {
  const fresh = `${folder}.${process.pid}`
  const old = `${fresh}.old`
  try {
    mkdirSync(fresh, { recursive: true })
    await fill(fresh)
    if (existsSync(folder)) renameSync(folder, old)
    renameSync(fresh, folder)
  } finally {
    for (const leftover of [fresh, old]) rmSync(leftover, { recursive: true, force: true })
  }
}

function messageOf(error: unknown): string {
  return stripVTControlCharacters(error instanceof Error ? error.message : String(error))
}

if (import.meta.main) {
  process.exitCode = (await build(process.argv.length > 2 ? process.argv.slice(2) : undefined)) ? 0 : 1
}
