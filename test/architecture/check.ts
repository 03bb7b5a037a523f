import { dirname, posix } from 'node:path'
import { circles } from './circles.ts'
import { type Import, parseSource, type Source } from './parse-source.ts'
import {
  caps,
  defaultExporters,
  emptyFileName,
  emptyName,
  environmentReaders,
  kebabPath,
  type Layer,
  layers,
  reserved,
  sqlHomes,
  sqlText,
  wordHomes
} from './rules.ts'

/** Everything in these files that breaks a rule, each as `path:line → rule`. Paths are relative to the root. */
export function violations(files: ReadonlyMap<string, string>): string[] {
  const sources = new Map(
    [...files].flatMap(([path, code]) => (isCode(path) ? [[path, parseSource(path, code)] as const] : []))
  )
  return [
    ...[...files.keys()].flatMap(checkPath),
    ...[...sources].flatMap(([path, source]) => checkCode(path, source)),
    ...checkFolders([...sources.keys()]),
    ...checkCircles(sources)
  ]
}

function checkFolders(paths: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const path of paths.filter(one => !isTest(one))) counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1)
  return [...counts].flatMap(([folder, count]) => {
    const cap = caps.folders[folder] ?? caps.folderFiles
    return count > cap ? [`${folder}:1 → ${count} files in one folder, at most ${cap}`] : []
  })
}

/** Files that lead to each other, types included: none can be read without the others. */
function checkCircles(sources: ReadonlyMap<string, Source>): string[] {
  const graph = new Map(
    [...sources].map(([path, { imports }]) => {
      const targets = imports.map(({ specifier }) => resolveOwn(path, specifier))
      return [path, targets.filter(target => target !== null && target !== path && sources.has(target))] as const
    })
  )
  return circles(graph as ReadonlyMap<string, readonly string[]>).map(
    files => `${files[0]}:1 → lies in a circle with ${files.slice(1).join(', ')}`
  )
}

function isCode(path: string): boolean {
  return /\.tsx?$/.test(path)
}

/** Licences and READMEs keep the names that people look for. */
function isDocument(path: string): boolean {
  return /\.(md|txt)$/.test(path)
}

function checkPath(path: string): string[] {
  const found: string[] = []
  const stem = posix.basename(path).split('.')[0] ?? ''
  if (!kebabPath.test(path) && !isDocument(path)) found.push(`${path}:1 → names of files and folders are kebab-case`)
  if (emptyFileName.test(stem)) found.push(`${path}:1 → a file is named after what it does, not "${stem}"`)
  if (isCode(path) && path.includes('/')) {
    const layer = layerOf(path)
    if (!layer) found.push(`${path}:1 → lies in no layer of the house`)
    const area = layer?.areas ? branchOf(layer, path) : null
    if (area !== null && !layer?.areas?.[area]) found.push(`${path}:1 → ${area} is no area of ${layer?.id}`)
  }
  return found
}

function checkCode(path: string, source: Source): string[] {
  return [
    ...source.imports.flatMap(wanted => checkImport(path, wanted)),
    ...checkSizes(path, source),
    ...checkWords(path, source)
  ].map(({ line, rule }) => `${path}:${line} → ${rule}`)
}

interface Found {
  line: number
  rule: string
}

function checkImport(path: string, { specifier, line }: Import): Found[] {
  const layer = layerOf(path)
  if (!layer) return []
  const target = resolveOwn(path, specifier)
  const rule = target === null ? libraryRule(path, layer, specifier) : ownRule(path, layer, target)
  return rule === null ? [] : [{ line, rule }]
}

/** Path of one of our own files, or null for a library. */
function resolveOwn(path: string, specifier: string): string | null {
  if (specifier.startsWith('#contract/')) return `server/contract/${specifier.slice('#contract/'.length)}.ts`
  return specifier.startsWith('.') ? posix.join(dirname(path), specifier) : null
}

function ownRule(path: string, layer: Layer, target: string): string | null {
  const other = layerOf(target)
  if (!other) return target === 'package.json' ? null : `${layer.id} may not import ${target}`
  if (isTest(path) && other.id === 'test') return null
  if (other.id !== layer.id) return layer.may.includes(other.id) ? null : `${layer.id} may not import ${other.id}`
  const [mine, theirs] = [branchOf(layer, path), branchOf(layer, target)]
  if (mine === null || theirs === null || mine === theirs) return null
  // A test may lean on what its area does not know.
  const allowed = layer.independent ? [] : isTest(path) ? undefined : layer.areas?.[mine]
  return !allowed || allowed.includes(theirs) ? null : `${layer.id}/${mine} may not import ${layer.id}/${theirs}`
}

function libraryRule(path: string, layer: Layer, specifier: string): string | null {
  const name = specifier.startsWith('node:') ? specifier : packageOf(specifier)
  const owners = reserved[name]
  if (owners && !owners.includes(layer.id) && layer.id !== 'test') return `${name} is reserved for ${owners.join(', ')}`
  // A test may read what the code it tests is handed.
  if (isTest(path)) return null
  if (layer.withoutNode?.test(name)) return `${layer.id} may not import ${name}`
  if (layer.libraries && !layer.libraries.some(allowed => allowed.test(name)))
    return `${layer.id} may not import ${name}`
  return null
}

function packageOf(specifier: string): string {
  const [first = '', second] = specifier.split('/')
  return first.startsWith('@') ? `${first}/${second}` : first
}

function checkSizes(path: string, source: Source): Found[] {
  const cap = caps.files[path] ?? caps.fileLines
  const found: Found[] = []
  if (source.lines > cap) found.push({ line: cap + 1, rule: `${source.lines} lines, at most ${cap}` })
  // A describe block is a chapter, not a function.
  if (isTest(path)) return found
  for (const { line, lines } of source.functions)
    if (lines > caps.functionLines)
      found.push({ line, rule: `function of ${lines} lines, at most ${caps.functionLines}` })
  return found
}

function checkWords(path: string, source: Source): Found[] {
  const found: Found[] = []
  const say = (rule: string) => (line: number) => found.push({ line, rule })
  if (!matches(environmentReaders, path))
    source.environmentReads.forEach(say('process.env is read by configuration only'))
  if (!matches(defaultExporters, path)) source.defaultExports.forEach(say('exports have names'))
  source.anys.forEach(say('any says nothing'))
  for (const { text, line } of source.texts)
    if (!matches(sqlHomes, path) && sqlText.test(text)) found.push({ line, rule: 'SQL text lies in server/store only' })
  for (const { name, line } of source.names) {
    if (emptyName.test(name)) found.push({ line, rule: `${name} does not say what it is` })
    if (borrows(name, path)) found.push({ line, rule: `${name} is the word of another thing, see CONTEXT.md` })
  }
  return found
}

/** Tests may say what other programs call their own. */
function borrows(name: string, path: string): boolean {
  return Object.hasOwn(wordHomes, name) && wordHomes[name] !== path && !path.startsWith('test/') && !isTest(path)
}

function matches(patterns: readonly RegExp[], path: string): boolean {
  return patterns.some(pattern => pattern.test(path))
}

function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path)
}

function layerOf(path: string): Layer | undefined {
  const matching = layers.filter(layer =>
    layer.path.endsWith('/') ? path.startsWith(layer.path) : path === layer.path
  )
  return matching.sort((a, b) => b.path.length - a.path.length)[0]
}

/** The folder of an independent layer that a file lies in; null for files beside the folders. */
function branchOf(layer: Layer, path: string): string | null {
  const [branch, ...rest] = path.slice(layer.path.length).split('/')
  return rest.length > 0 ? (branch ?? null) : null
}
