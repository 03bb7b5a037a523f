import { createHash } from 'node:crypto'
import { chmodSync, copyFileSync, cpSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { type BundleManifest, manifestName, nodeName, runnerName, sha256Of } from '../main/runner-bundle.ts'
import packageJson from '../package.json' with { type: 'json' }

const root = dirname(import.meta.dirname)

/** What npm needs to install packages; its manual pages stay out. electron-builder skips a `node_modules` at the top. */
const npmParts = ['bin', 'lib', 'node_modules', 'index.js', 'package.json', 'LICENSE']

/** Beside Node, so that it is found where Node is. */
const npmStarters: Record<string, string> = {
  npm: `#!/bin/sh
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
exec "$here/node" "$here/lib/npm/bin/npm-cli.js" "$@"
`,
  'npm.cmd': '@"%~dp0node.exe" "%~dp0lib\\npm\\bin\\npm-cli.js" %*\r\n'
}

/** Gathers what the packaged app copies to its data folder: the pinned Node, npm, the runner, the practice agent. */
export async function packageRunnerBundle(folder: string): Promise<BundleManifest> {
  rmSync(folder, { recursive: true, force: true })
  const npm = join(folder, 'lib/npm')
  mkdirSync(npm, { recursive: true })
  copyFileSync(join(root, 'node_modules/node/bin', nodeName), join(folder, nodeName))
  for (const part of npmParts)
    cpSync(join(root, 'node_modules/npm', part), join(npm, part), { recursive: true, dereference: true })
  const starter = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  writeFileSync(join(folder, starter), npmStarters[starter] ?? '')
  chmodSync(join(folder, starter), 0o755)
  for (const name of [runnerName, 'practice-agent.mjs'])
    copyFileSync(join(root, 'out/runner', name), join(folder, name))
  const manifest = await describe(folder, [nodeName, starter])
  writeFileSync(join(folder, manifestName), JSON.stringify(manifest))
  return manifest
}

async function describe(folder: string, executables: string[]): Promise<BundleManifest> {
  const files: BundleManifest['files'] = []
  for (const path of filesBelow(folder))
    files.push({
      path,
      size: statSync(join(folder, path)).size,
      sha256: await sha256Of(join(folder, path)),
      executable: executables.includes(path)
    })
  const digest = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 12)
  return { version: `${packageJson.version}-${digest}`, files }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort()
}
