import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build } from './build.ts'
import { packageRunnerBundle } from './package-runner-bundle.ts'

/**
 * `npm run package [-- --linux dir]`: the packaged app of this system, by electron-builder.yml. `--stub` puts a file that is no
 * Electron in the place of Electron, to check what is packed where no Electron can be had; it makes a folder only.
 */
const root = dirname(import.meta.dirname)
const work = join(root, '.cache/package')

/** Marks the fuses in an Electron executable. After it: the version of the list, its length, and each fuse as a digit. */
const fuseSentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
/** As Electron ships them: the stub starts with the opposite of what is wanted, so that each flip shows. */
const fuses = '101100010'

async function packageApp(args: string[]): Promise<number> {
  const stub = args.includes('--stub')
  const forBuilder = args.filter(argument => argument !== '--stub')
  if (stub && forBuilder.join(' ') !== '--linux dir') {
    console.error('A stub makes no installers: npm run package:dir')
    return 1
  }
  if (!(await build())) return 1
  await packageRunnerBundle(join(work, 'runtime'))
  rmSync(join(root, 'release'), { recursive: true, force: true })
  const dist = stub ? stubDist() : join(root, 'node_modules/electron/dist')
  const fromDist = existsSync(dist) ? [`--config.electronDist=${dist}`] : []
  const builder = join(root, 'node_modules/electron-builder/cli.js')
  const options = [...forBuilder, '--publish', 'never', ...fromDist]
  const { status } = spawnSync(process.execPath, [builder, ...options], { cwd: root, stdio: 'inherit' })
  return status ?? 1
}

function stubDist(): string {
  const folder = join(work, 'stub-electron')
  const file = join(folder, 'electron')
  mkdirSync(folder, { recursive: true })
  const wire = Buffer.concat([Buffer.from(fuseSentinel), Buffer.from([1, fuses.length]), Buffer.from(fuses)])
  writeFileSync(file, Buffer.concat([Buffer.from('#!/bin/sh\necho "A stub, not Electron" >&2\nexit 1\n'), wire]))
  chmodSync(file, 0o755)
  return folder
}

process.exitCode = await packageApp(process.argv.slice(2))
