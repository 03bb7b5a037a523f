/** One part of out/ that is built on its own and rebuilt only when something under `inputs` changed. */
export type Piece = ScriptPiece | PagesPiece | FilesPiece

interface Common {
  id: string
  /** Where it lands under out/: a file for scripts, a folder for the rest. */
  output: string
  /** Files and folders, relative to the root. */
  inputs: string[]
}

/** TypeScript bundled to one file for Node, Electron or a sandboxed preload. */
export interface ScriptPiece extends Common {
  kind: 'script'
  entry: string
  format: 'es' | 'cjs'
  /** It holds code that most runs never need, which is then not compiled at the start. */
  lazy?: true
  /** Libraries that others ask for and it never uses: an empty object stands in their place. */
  without?: readonly string[]
}

/** The UI, built by its own Vite configuration. */
export interface PagesPiece extends Common {
  kind: 'pages'
  config: string
}

/** Files taken as they are. */
export interface FilesPiece extends Common {
  kind: 'files'
  files: string[]
}

export const pieces: Piece[] = [
  {
    id: 'server',
    kind: 'script',
    entry: 'server/main.ts',
    output: 'server/control-plane.js',
    format: 'es',
    inputs: ['server']
  },
  {
    id: 'server-start',
    kind: 'script',
    entry: 'server/start.ts',
    output: 'server/main.js',
    format: 'es',
    inputs: ['server/start.ts']
  },
  {
    id: 'upkeep',
    kind: 'script',
    entry: 'server/worker/upkeep.ts',
    output: 'server/upkeep.js',
    format: 'es',
    inputs: ['server/worker', 'server/store', 'server/contract']
  },
  {
    id: 'reader',
    kind: 'script',
    entry: 'server/worker/reader.ts',
    output: 'server/reader.js',
    format: 'es',
    inputs: ['server/worker', 'server/store', 'server/contract']
  },
  {
    id: 'search',
    kind: 'script',
    entry: 'server/worker/search.ts',
    output: 'server/search.js',
    format: 'es',
    inputs: ['server/worker', 'server/store', 'server/contract']
  },
  {
    id: 'passwords',
    kind: 'script',
    entry: 'server/worker/passwords.ts',
    output: 'server/passwords.js',
    format: 'es',
    inputs: ['server/worker', 'server/contract']
  },
  {
    id: 'docker-engine',
    kind: 'script',
    entry: 'server/containers/docker/docker-engine.ts',
    output: 'server/docker-engine.js',
    format: 'es',
    lazy: true,
    inputs: ['server/containers', 'server/contract'],
    // For ways of dockerode that are not gone: over ssh, and by sessions of BuildKit.
    without: ['ssh2', '@grpc/grpc-js', '@grpc/proto-loader', 'protobufjs']
  },
  {
    id: 'make-certificate',
    kind: 'script',
    entry: 'server/certificate/make/make-certificate.ts',
    output: 'server/make-certificate.js',
    format: 'es',
    lazy: true,
    inputs: ['server/certificate']
  },
  {
    id: 'main',
    kind: 'script',
    entry: 'main/main.ts',
    output: 'main/main.js',
    format: 'es',
    inputs: ['main', 'server']
  },
  {
    id: 'preload',
    kind: 'script',
    entry: 'preload/preload.ts',
    output: 'preload/preload.cjs',
    format: 'cjs',
    inputs: ['preload', 'server/contract']
  },
  {
    id: 'runner',
    kind: 'script',
    entry: 'server/runner/daemon.ts',
    output: 'runner/agentfleet-runner.mjs',
    format: 'es',
    lazy: true,
    inputs: ['server/runner', 'server/contract']
  },
  {
    id: 'practice-agent',
    kind: 'script',
    entry: 'resources/practice-agent/main.ts',
    output: 'runner/practice-agent.mjs',
    format: 'es',
    inputs: ['resources/practice-agent', 'server/runner', 'server/contract']
  },
  {
    id: 'renderer',
    kind: 'pages',
    config: 'vite.config.ts',
    output: 'renderer',
    inputs: ['renderer', 'server/contract', 'vite.config.ts']
  },
  {
    id: 'icons',
    kind: 'files',
    output: 'icons',
    inputs: ['resources/icons'],
    files: [
      'icon.png',
      'tray.png',
      'tray@2x.png',
      'tray-template.png',
      'tray-template@2x.png',
      'tray.ico',
      'waiting.png'
    ].map(name => `resources/icons/${name}`)
  },
  {
    id: 'docs',
    kind: 'files',
    output: 'docs',
    inputs: ['resources/docs'],
    files: [
      'resources/docs/index.html',
      'resources/docs/docs.js',
      'node_modules/swagger-ui-dist/swagger-ui.css',
      'node_modules/swagger-ui-dist/swagger-ui-bundle.js',
      'node_modules/swagger-ui-dist/LICENSE'
    ]
  }
]
