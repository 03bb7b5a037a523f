/** The import table of the house, as data. What is not listed is forbidden. */
export interface Layer {
  id: string
  /** Where its files lie: a folder with a trailing slash, or one file. The longest match decides. */
  path: string
  /** Layers that it may import besides itself. */
  may: readonly string[]
  /** Its folders are independent of each other: X may use its own files and those beside the folders, never Y's. */
  independent?: true
  /** Its folders are areas, and whom each may use besides itself and what lies beside the areas. */
  areas?: Readonly<Record<string, readonly string[]>>
  /** The only libraries it may import; without it all but the reserved ones. */
  libraries?: readonly RegExp[]
  /** Node modules that stay out. */
  withoutNode?: RegExp
}

const server = [
  'config',
  'contract',
  'store',
  'data folder',
  'realtime',
  'vault',
  'domain',
  'http',
  'for faces',
  'native',
  'dialects',
  'scheduler',
  'certificate',
  'certificate maker',
  'open domain',
  'pin',
  'containers',
  'exec',
  'worker',
  'runner',
  'runtimes',
  'acp',
  'mcp'
]

export const layers: readonly Layer[] = [
  {
    id: 'contract',
    path: 'server/contract/',
    may: [],
    libraries: [/^zod$/],
    areas: {
      audit: [],
      fleet: ['runs'],
      money: ['fleet', 'runs'],
      people: [],
      runners: ['fleet', 'money', 'runs'],
      runs: [],
      work: ['runs']
    }
  },
  {
    id: 'store',
    path: 'server/store/',
    may: ['contract', 'data folder'],
    // Whose a thing is, is said in one place.
    areas: {
      audit: [],
      fleet: ['people'],
      migrations: [],
      money: ['people'],
      people: [],
      runners: [],
      runs: ['people'],
      work: ['people']
    }
  },
  // Files that control plane and runner must not find half.
  { id: 'whole file', path: 'server/whole-file.ts', may: [] },
  // By what a runner knows its control plane, said by both in the same way.
  { id: 'pin', path: 'server/pin.ts', may: [] },
  { id: 'certificate', path: 'server/certificate/', may: ['certificate maker', 'config', 'pin', 'whole file'] },
  // It is a script of its own.
  { id: 'certificate maker', path: 'server/certificate/make/', may: [] },
  // Where a control plane leaves word for other processes of this computer.
  { id: 'data folder', path: 'server/store/data-folder.ts', may: ['contract', 'whole file'] },
  { id: 'realtime', path: 'server/realtime/', may: ['contract', 'store'] },
  { id: 'vault', path: 'server/vault/', may: [], libraries: [/^node:crypto$/] },
  {
    id: 'domain',
    path: 'server/domain/',
    may: ['contract', 'store', 'realtime', 'vault', 'price table'],
    withoutNode: /^node:child_process$/,
    areas: {
      audit: ['fleet'],
      data: ['runs'],
      demo: ['fleet', 'money', 'runs', 'work'],
      fleet: ['money', 'people'],
      money: ['fleet', 'people', 'work'],
      people: [],
      runners: ['fleet', 'people', 'runs'],
      runs: ['fleet', 'money', 'people', 'runners', 'work'],
      work: ['fleet', 'money', 'people', 'runners', 'runs']
    }
  },
  { id: 'http', path: 'server/http/', may: ['certificate', 'config', 'contract', 'domain', 'realtime'] },
  { id: 'for faces', path: 'server/http/for-faces.ts', may: ['http'] },
  // Our own face has no more rights than those of others.
  {
    id: 'native',
    path: 'server/http/native/',
    may: ['contract', 'domain', 'realtime', 'for faces'],
    areas: { audit: [], fleet: [], money: [], people: [], runners: [], runs: [], work: [] }
  },
  {
    id: 'dialects',
    path: 'server/dialects/',
    may: ['contract', 'domain', 'realtime', 'for faces'],
    independent: true
  },
  { id: 'scheduler', path: 'server/scheduler/', may: ['contract', 'domain'] },
  { id: 'containers', path: 'server/containers/', may: ['contract', 'exec'] },
  { id: 'exec', path: 'server/containers/exec.ts', may: ['contract', 'containers'] },
  { id: 'worker', path: 'server/worker/', may: ['contract', 'store'] },
  { id: 'runner', path: 'server/runner/', may: ['contract', 'exec', 'pin', 'runtimes', 'whole file'] },
  {
    id: 'runtimes',
    path: 'server/runner/runtimes/',
    may: ['contract', 'acp'],
    independent: true,
    withoutNode: /^node:(fs|child_process|net|http|https|dgram|worker_threads)/
  },
  // What all runtimes share whose agents speak ACP.
  {
    id: 'acp',
    path: 'server/runner/acp/',
    may: ['contract', 'runtimes'],
    withoutNode: /^node:(fs|child_process|net|http|https|dgram|worker_threads)/
  },
  { id: 'mcp', path: 'server/mcp/', may: ['contract', 'domain'] },
  { id: 'config', path: 'server/config.ts', may: [] },
  // What the composition root hands to the rules.
  { id: 'open domain', path: 'server/open-domain.ts', may: server },
  { id: 'app', path: 'server/app.ts', may: server },
  { id: 'headless', path: 'server/main.ts', may: [...server, 'app'] },
  { id: 'start', path: 'server/start.ts', may: [] },
  { id: 'main', path: 'main/', may: ['app', 'config', 'contract', 'data folder'] },
  { id: 'preload', path: 'preload/', may: ['contract'], libraries: [/^electron$/] },
  { id: 'price table', path: 'resources/prices.json', may: [] },
  { id: 'practice agent', path: 'resources/practice-agent/', may: ['contract', 'runtimes'] },
  {
    id: 'pages',
    path: 'renderer/',
    may: ['contract', 'features', 'parts', 'ui', 'lib'],
    withoutNode: /^node:/
  },
  {
    id: 'features',
    path: 'renderer/features/',
    may: ['contract', 'parts', 'ui', 'lib'],
    independent: true,
    withoutNode: /^node:/
  },
  { id: 'parts', path: 'renderer/parts/', may: ['contract', 'ui', 'lib'], withoutNode: /^node:/ },
  { id: 'ui', path: 'renderer/ui/', may: ['lib'], withoutNode: /^node:/ },
  { id: 'lib', path: 'renderer/lib/', may: ['contract'], withoutNode: /^node:/ },
  { id: 'scripts', path: 'scripts/', may: ['config', 'main'] },
  {
    id: 'test',
    path: 'test/',
    may: [...server, 'app', 'main', 'practice agent', 'pages', 'lib', 'ui', 'parts', 'scripts']
  }
]

/** Libraries that only the named layers may touch. */
export const reserved: Record<string, readonly string[]> = {
  electron: ['main', 'preload'],
  'electron-store': ['main'],
  express: ['http'],
  'better-sqlite3': ['store', 'data folder'],
  dockerode: ['containers', 'exec']
}

export const caps = {
  fileLines: 400,
  functionLines: 80,
  /** Code in one folder, tests and the folders in it not counted. */
  folderFiles: 32,
  files: { 'server/app.ts': 150, 'main/main.ts': 40 } as Record<string, number>,
  /** A step of the schema is never taken back. */
  folders: { 'server/store/migrations': 1000 } as Record<string, number>
}

/** Who may read the environment. Scripts and tests are started by people and may. */
export const environmentReaders: readonly RegExp[] = [
  /^server\/config\.ts$/,
  /^main\/main\.ts$/,
  /^server\/runner\/configuration\.ts$/,
  /^(scripts|test)\//,
  /\.test\.tsx?$/,
  /^[^/]+\.config\.ts$/
]

/** SQL as text. Capitals only: prose may say "select from". */
export const sqlText =
  /\b(SELECT\s[\s\S]*\bFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|PRAGMA\s+\w+|(CREATE|ALTER|DROP)\s+(UNIQUE\s+)?(TABLE|INDEX|TRIGGER|VIEW))\b/

export const sqlHomes: readonly RegExp[] = [/^server\/store\//, /^test\//]

/** Electron finds the picture for fine screens by its name, `…@2x.png`. */
export const kebabPath = /^([a-z0-9]+(-[a-z0-9]+)*\/)*[a-z0-9]+(-[a-z0-9]+)*(@2x)?(\.[a-z0-9]+)*$/

export const emptyFileName = /^(utils?|helpers?|misc|common|shared)$/

/**
 * Words of CONTEXT.md that were once borrowed for other things, and the one file that may declare something of that name.
 * null: none, since it is another program's.
 */
export const wordHomes: Readonly<Record<string, string | null>> = {
  Call: 'server/http/route.ts',
  Change: 'server/contract/live.ts',
  Driver: 'server/runner/runtimes/runtime.ts',
  Place: 'server/runner/places/place.ts',
  Runtime: 'server/runner/runtimes/runtime.ts',
  Session: null
}

export const emptyName = /(Manager|Impl|Helpers?|Utils?)$|^I[A-Z][a-z]/

/** Tools that read a default export. */
export const defaultExporters: readonly RegExp[] = [/^[^/]+\.config\.ts$/]
