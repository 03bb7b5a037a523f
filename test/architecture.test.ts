import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { violations } from './architecture/check.ts'
import { access } from './mutations/access.ts'
import { desktop } from './mutations/desktop.ts'
import { dialects } from './mutations/dialects.ts'
import { flows } from './mutations/flows.ts'
import { runner } from './mutations/runner.ts'
import { work } from './mutations/work.ts'

const root = dirname(import.meta.dirname)
const folders = ['server', 'main', 'preload', 'renderer', 'resources', 'scripts', 'test']

test('the house keeps its rules', () => {
  const files = readTree()
  expect([...files.keys()]).toContain('server/contract/endpoint.ts')
  expect(violations(files)).toEqual([])
})

test('every guard that is tried stands in its file, once', () => {
  const files = readTree()
  const lost = [...access, ...desktop, ...dialects, ...flows, ...runner, ...work].filter(
    ({ file, find }) => files.get(file)?.split(find).length !== 2
  )
  expect(lost.map(({ file, find }) => `${file}: ${find}`)).toEqual([])
})

describe('a broken rule is reported with file and line', () => {
  const lines = (count: number) => 'void 0\n'.repeat(count)
  const broken: [path: string, code: string, report: string][] = [
    ['server/domain/runs.ts', "import 'express'", ':1 → express is reserved for http'],
    ['server/domain/runs.ts', "\nimport { x } from '../http/errors.ts'", ':2 → domain may not import http'],
    ['server/domain/runs.ts', "export * from '../http/errors.ts'", ':1 → domain may not import http'],
    ['server/domain/runs.ts', "const x = import('../http/errors.ts')", ':1 → domain may not import http'],
    ['server/domain/runs.ts', "type X = import('../http/errors.ts').X", ':1 → domain may not import http'],
    ['server/domain/runs.ts', "import 'node:child_process'", ':1 → domain may not import node:child_process'],
    ['server/contract/runs.ts', "import 'uuid'", ':1 → contract may not import uuid'],
    ['server/store/runs.ts', "import { bus } from '../realtime/bus.ts'", ':1 → store may not import realtime'],
    ['server/vault/seal.ts', "import 'node:fs'", ':1 → vault may not import node:fs'],
    ['server/http/native/runs.ts', "import '../../store/runs.ts'", ':1 → native may not import store'],
    ['server/http/native/runs.ts', "import '../context.ts'", ':1 → native may not import http'],
    ['server/http/server.ts', "import './native/index.ts'", ':1 → http may not import native'],
    ['server/http/server.ts', "import '../app.ts'", ':1 → http may not import app'],
    ['server/http/server.ts', "import 'better-sqlite3'", ':1 → better-sqlite3 is reserved for store, data folder'],
    ['server/dialects/a/index.ts', "import '../b/index.ts'", ':1 → dialects/a may not import dialects/b'],
    ['server/dialects/a/index.ts', "import '../../http/limits.ts'", ':1 → dialects may not import http'],
    ['server/runner/execute.ts', "import '../domain/runs.ts'", ':1 → runner may not import domain'],
    ['server/runner/runtimes/a/parse.ts', "import 'node:fs/promises'", ':1 → runtimes may not import node:fs/promises'],
    ['server/runner/runtimes/a/parse.ts', "import '../b/parse.ts'", ':1 → runtimes/a may not import runtimes/b'],
    ['server/app.ts', "import 'electron'", ':1 → electron is reserved for main, preload'],
    ['main/window.ts', "import '../server/store/runs/runs.ts'", ':1 → main may not import store'],
    ['preload/preload.ts', "import 'node:fs'", ':1 → preload may not import node:fs'],
    ['renderer/features/a/page.tsx', "import '../b/page.tsx'", ':1 → features/a may not import features/b'],
    ['renderer/ui/button.tsx', "import '#contract/runs/runs'", ':1 → ui may not import contract'],
    ['renderer/lib/call.ts', "import '../../server/domain/runs.ts'", ':1 → lib may not import domain'],
    ['renderer/lib/call.ts', "import '../../README.md'", ':1 → lib may not import README.md'],
    ['server/elsewhere/x.ts', '', ':1 → lies in no layer of the house'],
    ['server/domain/runs.ts', lines(401), ':401 → 401 lines, at most 400'],
    ['server/app.ts', lines(151), ':151 → 151 lines, at most 150'],
    ['main/main.ts', lines(41), ':41 → 41 lines, at most 40'],
    ['server/domain/runs.ts', `function f() {\n${lines(79)}}`, ':1 → function of 81 lines, at most 80'],
    ['server/domain/runs.ts', `const f = () => {\n${lines(79)}}`, ':1 → function of 81 lines, at most 80'],
    ['server/domain/runState.ts', '', ':1 → names of files and folders are kebab-case'],
    ['server/domain/utils.ts', '', ':1 → a file is named after what it does, not "utils"'],
    ['server/domain/runs.ts', 'class RunManager {}', ':1 → RunManager does not say what it is'],
    ['server/domain/runs.ts', 'interface IRun {}', ':1 → IRun does not say what it is'],
    [
      'renderer/parts/edits.ts',
      'export interface Change {}',
      ':1 → Change is the word of another thing, see CONTEXT.md'
    ],
    ['server/domain/people/logins.ts', 'class Session {}', ':1 → Session is the word of another thing, see CONTEXT.md'],
    ['server/domain/runs.ts', "const q = 'SELECT id FROM runs'", ':1 → SQL text lies in server/store only'],
    ['server/domain/runs.ts', `const q = \`UPDATE \${t} SET x = 1\``, ':1 → SQL text lies in server/store only'],
    ['server/domain/runs.ts', "const q = 'PRAGMA user_version'", ':1 → SQL text lies in server/store only'],
    ['server/http/server.ts', 'const x = process.env.X', ':1 → process.env is read by configuration only'],
    ['server/http/server.ts', "const x = process['env']", ':1 → process.env is read by configuration only'],
    ['server/http/server.ts', 'const { env } = process', ':1 → process.env is read by configuration only'],
    ['server/http/server.ts', 'export default 1', ':1 → exports have names'],
    ['server/http/server.ts', 'const x: any = 1', ':1 → any says nothing'],
    ['server/domain/people/users.ts', "import '../runs/runs.ts'", ':1 → domain/people may not import domain/runs'],
    [
      'server/contract/runs/runs.ts',
      "import '#contract/runners/runners'",
      ':1 → contract/runs may not import contract/runners'
    ],
    ['server/store/money/usage.ts', "import '../runs/runs.ts'", ':1 → store/money may not import store/runs'],
    ['server/http/native/work/tasks.ts', "import '../runs/runs.ts'", ':1 → native/work may not import native/runs'],
    ['server/domain/weather/rain.ts', '', ':1 → weather is no area of domain']
  ]
  for (const [path, code, report] of broken)
    test(`${path}${report}`, () => {
      expect(violations(new Map([[path, code]]))).toEqual([path + report])
    })
})

test('files that lead to each other are reported, by types alone and over others too', () => {
  const files = new Map([
    ['server/domain/runs/a.ts', "import type { B } from './b.ts'"],
    ['server/domain/runs/b.ts', "import '../money/c.ts'"],
    ['server/domain/money/c.ts', "export type { A } from '../runs/a.ts'"],
    ['server/domain/money/d.ts', "import './c.ts'"]
  ])
  expect(violations(files)).toEqual([
    'server/domain/money/c.ts:1 → domain/money may not import domain/runs',
    'server/domain/money/c.ts:1 → lies in a circle with server/domain/runs/a.ts, server/domain/runs/b.ts'
  ])
  expect(
    violations(
      new Map([
        ['renderer/lib/a.ts', "import './b.ts'"],
        ['renderer/lib/b.ts', "import './a.ts'"]
      ])
    )
  ).toEqual(['renderer/lib/a.ts:1 → lies in a circle with renderer/lib/b.ts'])
})

test('a folder of more files than one overlooks is reported; tests and what never gets less do not count', () => {
  const files = (folder: string, count: number, end = '.ts') =>
    Array.from({ length: count }, (_, n) => [`${folder}/file-${n}${end}`, ''] as const)
  const crowd = new Map([
    ...files('server/domain/runs', 33),
    ...files('server/domain/work', 32),
    ...files('server/domain/work', 9, '.test.ts'),
    ...files('server/store/migrations', 99)
  ])
  expect(violations(crowd)).toEqual(['server/domain/runs:1 → 33 files in one folder, at most 32'])
})

describe('what the rules allow passes', () => {
  const sound: [path: string, code: string][] = [
    ['server/domain/runs.ts', "import { run } from '#contract/runs/runs'\nimport { runs } from '../store/runs.ts'"],
    [
      'server/dialects/a/index.ts',
      "import { route } from '../../http/for-faces.ts'\nimport type { D } from '../dialect.ts'"
    ],
    ['server/dialects/index.ts', "import { a } from './a/index.ts'"],
    ['server/http/native/runs.ts', "const method = 'DELETE'\nconst hint = 'Select one from the list'"],
    ['server/http/route.ts', 'export interface Call {}'],
    ['server/config.ts', "import packageJson from '../package.json' with { type: 'json' }\nvoid process.env.X"],
    ['renderer/features/runs/page.tsx', "import { x } from './row.tsx'\nimport styles from './page.module.css'"],
    ['server/domain/runs.test.ts', `import { test } from 'vitest'\ntest('long', () => {\n${'void 0\n'.repeat(100)}})`]
  ]
  for (const [path, code] of sound)
    test(`${path} with ${code.split('\n')[0]}`, () => {
      expect(violations(new Map([[path, code]]))).toEqual([])
    })
})

function readTree(): Map<string, string> {
  const files = new Map<string, string>()
  for (const folder of folders)
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/')
      if (entry.isFile() && !path.includes('/fixtures/')) files.set(path, readFileSync(join(root, path), 'utf8'))
    }
  return files
}
