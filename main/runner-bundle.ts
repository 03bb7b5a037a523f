import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { z } from 'zod'

/**
 * What the runner needs of its own, as the packaged app carries it: Node, npm, the runner, the practice agent. It is copied into
 * the data folder and started from there, because installers replace the files of a running app and the runner outlives it.
 */
const manifest = z.object({
  /** Folder name below `<data-dir>/runtime`: another content has another name, so a folder never changes. */
  version: z.string().regex(/^[\w.+-]+$/),
  files: z.array(
    z.object({
      /** With forward slashes, below the folder. */
      path: z.string(),
      size: z.int(),
      sha256: z.string(),
      executable: z.boolean()
    })
  )
})
export type BundleManifest = z.infer<typeof manifest>
type BundledFile = BundleManifest['files'][number]

export const manifestName = 'manifest.json'
export const runnerName = 'agentfleet-runner.mjs'
export const nodeName = process.platform === 'win32' ? 'node.exe' : 'node'

export interface RunnerBundle {
  nodePath: string
  runnerFile: string
}

/** Makes sure that the bundle of this app lies whole in the data folder. Throws with one readable line. */
export async function installBundle(source: string, dataDir: string): Promise<RunnerBundle> {
  try {
    const { version, files } = manifest.parse(JSON.parse(await readFile(join(source, manifestName), 'utf8')))
    const folder = join(dataDir, 'runtime', version)
    if (!(await isWhole(folder, files))) await copyBundle(source, folder, files)
    return { nodePath: join(folder, nodeName), runnerFile: join(folder, runnerName) }
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    throw new Error(`The program that runs agents could not be copied to ${join(dataDir, 'runtime')}: ${words}`)
  }
}

/** Contents were compared when the folder was made, and a folder appears whole; what vanished or was cut since shows here. */
async function isWhole(folder: string, files: readonly BundledFile[]): Promise<boolean> {
  const sizes = await Promise.all(
    files.map(file =>
      stat(join(folder, file.path)).then(
        found => found.size,
        () => -1
      )
    )
  )
  return files.every((file, index) => sizes[index] === file.size)
}

/** How many files are copied at the same time. */
const atOnce = 8

async function copyBundle(source: string, folder: string, files: readonly BundledFile[]): Promise<void> {
  const fresh = `${folder}${unfinished}${process.pid}`
  await rm(fresh, { recursive: true, force: true })
  try {
    const left = files.values()
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (const file of left) await copyChecked(source, fresh, file)
      })
    )
    await replaceFolder(fresh, folder)
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
}

const unfinished = '.new-'
const replaced = '.old-'

async function copyChecked(source: string, target: string, file: BundledFile): Promise<void> {
  const copy = join(target, file.path)
  await mkdir(dirname(copy), { recursive: true, mode: 0o700 })
  await copyFile(join(source, file.path), copy)
  await chmod(copy, file.executable ? 0o755 : 0o644)
  if ((await sha256Of(copy)) !== file.sha256) throw new Error(`${file.path} differs from what was packed`)
}

/** A damaged one is set aside first: what runs from it keeps its open files. */
async function replaceFolder(fresh: string, folder: string): Promise<void> {
  const old = `${folder}${replaced}${process.pid}`
  await rename(folder, old).catch(ignoreMissing)
  await rename(fresh, folder)
  await rm(old, { recursive: true, force: true }).catch(() => undefined)
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

/** Removes bundles of other versions that no process was started from. What cannot be told is kept. */
export async function removeOldBundles(dataDir: string, inUse: RunnerBundle): Promise<void> {
  const home = join(dataDir, 'runtime')
  const current = dirname(inUse.nodePath)
  const others = (await readdir(home)).map(name => join(home, name)).filter(folder => folder !== current)
  if (others.length === 0) return
  const commands = await commandLines()
  if (commands === null) return
  for (const folder of others) {
    if (commands.includes(join(folder, '/'))) continue
    // Windows refuses to move what is in use, so that nothing is left half.
    const gone = `${folder}${replaced}${process.pid}`
    await rename(folder, gone).then(
      () => rm(gone, { recursive: true, force: true }),
      () => undefined
    )
  }
}

/** Command lines of all processes; empty on Windows, where the files themselves tell; null when they cannot be listed. */
async function commandLines(): Promise<string | null> {
  if (process.platform === 'win32') return ''
  try {
    const list = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'args='], { maxBuffer: 64 * 1024 * 1024 })
    return list.stdout
  } catch {
    return null
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
