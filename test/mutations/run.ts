import { execFile } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync
} from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { access } from './access.ts'
import { changes } from './changes.ts'
import { desktop } from './desktop.ts'
import { dialects } from './dialects.ts'
import { flows } from './flows.ts'
import type { Mutation } from './mutation.ts'
import { runner } from './runner.ts'
import { search } from './search.ts'
import { work } from './work.ts'

/**
 * Takes away one guard after the other, in copies of this tree, and runs the tests that must notice.
 * `node test/mutations/run.ts LIST [part of a name or of a file]`. The tests must pass on a copy as it is first. What came
 * of each goes to `.cache/mutations-LIST.json`, which counts like a report of Vitest.
 */
const root = join(import.meta.dirname, '../..')
/** Copies in which mutations are tried side by side. */
const copies = Math.max(1, Math.min(4, availableParallelism()))
const copied = ['main', 'preload', 'server', 'scripts', 'test', 'resources', 'renderer', 'out', 'docs', 'package.json']
const configs = ['package-lock.json', 'vitest.config.ts', 'vite.config.ts', 'tsconfig.base.json', 'README.md']

/** `pieces`: what of out/ the tests run; the rest they take from the sources. */
const lists: Record<string, { mutations: readonly Mutation[]; pieces: readonly string[] }> = {
  desktop: { mutations: desktop, pieces: [] },
  server: {
    mutations: [...access, ...work, ...dialects, ...flows, ...changes, ...runner, ...search],
    pieces: ['upkeep', 'reader', 'search', 'passwords', 'runner', 'practice-agent']
  }
}

/** A copy of this tree, with the times of its files, by which the build knows what is up to date. */
function makeCopy(number: number): string {
  const copy = join(root, `.cache/mutations/${number}`)
  rmSync(copy, { recursive: true, force: true })
  mkdirSync(copy, { recursive: true })
  for (const name of [...copied, ...configs])
    cpSync(join(root, name), join(copy, name), { recursive: true, preserveTimestamps: true })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

async function run(copy: string, ...args: string[]): Promise<{ ok: boolean; said: string }> {
  const env = { ...process.env, CI: '', NO_COLOR: '1' }
  const limits = { timeout: 900_000, maxBuffer: 64 * 2 ** 20 }
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: copy, env, ...limits })
    return { ok: true, said: stdout + stderr }
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    return { ok: false, said: stdout + stderr }
  }
}

/** Of Vitest's report. */
interface TestedFile {
  name: string
  assertionResults: { fullName: string; status: string; failureMessages: string[] }[]
}

/** Runs tests of some files, those of these names or all; null: nothing could be run at all. */
async function testsOf(
  copy: string,
  project: string,
  files: readonly string[],
  names: readonly (string | undefined)[]
) {
  const report = join(copy, '.cache/report.json')
  rmSync(report, { force: true })
  const pattern = names.map(name => name?.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')
  const chosen = names.includes(undefined) ? [] : ['--testNamePattern', pattern]
  await run(
    copy,
    ...['node_modules/vitest/vitest.mjs', 'run', '--project', project, '--bail', '1', '--maxWorkers', '1'],
    ...['--reporter', 'json', '--outputFile', report, ...chosen, ...files]
  )
  if (!existsSync(report)) return null
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as { testResults: TestedFile[] }
  const tests = testResults.flatMap(({ name, assertionResults }) => assertionResults.map(test => ({ ...test, name })))
  return tests.some(({ status }) => status === 'passed' || status === 'failed') ? tests : null
}

type Verdict = { kind: 'caught' | 'broken'; why: string } | { kind: 'SURVIVED'; why: '' }

/** Said of a program that cannot run at all, which proves nothing of a guard. */
const crash = /ReferenceError|SyntaxError|answered 500|expected 500 to/

async function tryOut(copy: string, mutation: Mutation, pieces: readonly string[]): Promise<Verdict> {
  const { file, find, replace, noticedBy } = mutation
  const path = join(copy, file)
  const sound = readFileSync(path, 'utf8')
  const { atime, mtime } = statSync(path)
  if (sound.split(find).length !== 2) return { kind: 'broken', why: `${file} does not hold this exactly once: ${find}` }
  writeFileSync(
    path,
    sound.replace(find, () => replace)
  )
  try {
    // Tests of one part take it from its sources.
    const built = noticedBy.project === 'unit' || (await run(copy, 'scripts/build.ts', ...pieces)).ok
    if (!built) return { kind: 'broken', why: 'it cannot be built' }
    const tests = await testsOf(copy, noticedBy.project, [noticedBy.file], [noticedBy.test])
    const failed = tests?.find(({ status }) => status === 'failed')
    if (tests === null) return { kind: 'broken', why: `${noticedBy.file} ran no test` }
    if (failed === undefined) return { kind: 'SURVIVED', why: '' }
    const message = failed.failureMessages.join('\n').split('\n    at ')[0] ?? ''
    return { kind: crash.test(message) ? 'broken' : 'caught', why: `${failed.fullName}: ${message.slice(0, 300)}` }
  } finally {
    writeFileSync(path, sound)
    utimesSync(path, atime, mtime)
  }
}

/** The tests on a copy as it is; what is wrong with them, in words. */
async function whatFails(copy: string, mutations: readonly Mutation[], pieces: readonly string[]): Promise<string[]> {
  const built = await run(copy, 'scripts/build.ts', ...pieces)
  if (!built.ok) return [built.said]
  const notices = mutations.map(({ noticedBy }) => noticedBy)
  const wrong: string[] = []
  for (const [project, ofProject] of Map.groupBy(notices, ({ project }) => project)) {
    const files = [...new Set(ofProject.map(({ file }) => file))]
    const names = [...new Set(ofProject.map(({ test }) => test))]
    const tests = (await testsOf(copy, project, files, names)) ?? []
    const failed = tests.filter(({ status }) => status === 'failed')
    const missing = ofProject.filter(({ file, test = '' }) => {
      const passes = ({ name, fullName, status }: (typeof tests)[number]) =>
        status === 'passed' && name.endsWith(file) && fullName.includes(test)
      return !tests.some(passes)
    })
    wrong.push(
      ...failed.map(({ name, fullName, failureMessages }) => `${name}: ${fullName}: ${failureMessages.join('\n')}`),
      ...missing.map(({ file, test }) => `${file}: no test named "${test}" passes`)
    )
  }
  return wrong
}

async function tryAll(name: string, part: string): Promise<number> {
  const list = lists[name]
  if (!list) {
    console.error(`There are the lists ${Object.keys(lists).join(', ')}`)
    return 2
  }
  const chosen = list.mutations.filter(({ name, file }) => name.includes(part) || file.includes(part))
  const places = Array.from({ length: copies }, (_, number) => makeCopy(number))
  const wrong = await whatFails(places[0] ?? root, chosen, list.pieces)
  if (wrong.length > 0) {
    console.error(`Without any mutation:\n${wrong.join('\n')}`)
    return 1
  }
  let caught = 0
  const waiting = chosen.values()
  const tryInOne = async (copy: string) => {
    // One iterator for all copies: each takes what is next.
    for (const mutation of waiting) {
      const { kind, why } = await tryOut(copy, mutation, list.pieces)
      if (kind === 'caught') caught++
      console.log(`${kind.padEnd(8)}  ${mutation.name}${why === '' ? '' : `\n          ${why.replaceAll('\n', ' ')}`}`)
    }
  }
  await Promise.all(places.map(tryInOne))
  const [numPassedTests, numFailedTests] = [caught, chosen.length - caught]
  const counted = { numPassedTests, numFailedTests, numPendingTests: 0, numTodoTests: 0, testResults: [] }
  writeFileSync(join(root, `.cache/mutations-${name}.json`), JSON.stringify(counted))
  console.log(`${caught} of ${chosen.length} mutations caught`)
  return caught === chosen.length && caught > 0 ? 0 : 1
}

process.exitCode = await tryAll(process.argv[2] ?? '', process.argv[3] ?? '')
