import { constants } from 'node:fs'
import { access, mkdir, readFile, realpath, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { judgeFolder, workspacesOf } from '#contract/runners/folder-rule'
import { RefusedLaunch } from '../../runtimes/runtime.ts'

export interface FolderRules {
  /** Absolute; links are resolved here. */
  allowedDirs: string[]
  dataDir: string
}

const { platform } = process

/**
 * The folder in which a run works, links resolved. Without a wish it is the private one of that name, wherever the data
 * folder lies now. Throws RefusedLaunch with CWD_MISSING, CWD_NOT_A_DIRECTORY, CWD_UNREADABLE or CWD_NOT_ALLOWED.
 */
export async function resolveFolder(wish: string | null, workspace: string, rules: FolderRules): Promise<string> {
  if (wish !== null) return await wishedFolder(wish, rules)
  const own = join(workspacesOf(rules.dataDir, platform), workspace.replace(/[^\w-]/g, '_'))
  await mkdir(own, { recursive: true, mode: 0o700 })
  return await realpath(own)
}

async function wishedFolder(wish: string, { allowedDirs, dataDir }: FolderRules): Promise<string> {
  const rule = { platform, allowedDirs: await Promise.all(allowedDirs.map(resolved)), dataDir: await resolved(dataDir) }
  // Before anything is looked at: from here a relative path would be one of the runner's own.
  if (judgeFolder(wish, rule) === 'not absolute')
    throw new RefusedLaunch('CWD_NOT_ALLOWED', `The folder must be an absolute path: ${wish}`)
  const folder = await existing(wish)
  const where = folder === wish ? folder : `${wish} (which is ${folder})`
  const refuse = (why: string) => new RefusedLaunch('CWD_NOT_ALLOWED', `${where} is not allowed: ${why}`)
  switch (judgeFolder(folder, rule)) {
    case 'data folder':
      throw refuse('agents do not work in the data folder of Flotilla')
    case 'not absolute':
    case 'elsewhere': {
      const here = allowedDirs.join(', ') || 'private folders only'
      throw refuse(`this runner works in ${here}. Add the folder to ALLOWED_DIRS`)
    }
    case 'allowed': {
      const other = await dataFolderAbove(folder, rule.dataDir)
      if (other !== null) throw refuse(`${other} is the data folder of another Flotilla`)
      return folder
    }
  }
}

async function existing(wish: string): Promise<string> {
  try {
    const folder = await realpath(wish)
    if (!(await stat(folder)).isDirectory()) {
      throw new RefusedLaunch('CWD_NOT_A_DIRECTORY', `This is a file, not a folder: ${wish}`)
    }
    await access(folder, constants.R_OK | constants.X_OK)
    return folder
  } catch (error) {
    throw error instanceof RefusedLaunch ? error : refusal(wish, error)
  }
}

function refusal(wish: string, error: unknown): RefusedLaunch {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  if (code === 'ENOENT') return new RefusedLaunch('CWD_MISSING', `The folder does not exist on the runner: ${wish}`)
  if (code === 'ENOTDIR') {
    return new RefusedLaunch('CWD_NOT_A_DIRECTORY', `A part of the path is a file, not a folder: ${wish}`)
  }
  return new RefusedLaunch('CWD_UNREADABLE', `The runner cannot read this folder (${code}): ${wish}`)
}

/** What every runner writes into its data folder; see `readIdentity`. */
const mark = z.object({ identity: z.uuid() })

/** A data folder in which this folder lies, other than our own: one that was copied, or another runner's. */
async function dataFolderAbove(folder: string, own: string): Promise<string | null> {
  if (folder !== own && (await bearsMark(folder))) return folder
  const above = dirname(folder)
  return above === folder ? null : await dataFolderAbove(above, own)
}

async function bearsMark(folder: string): Promise<boolean> {
  const text = await readFile(join(folder, 'runner.json'), 'utf8').catch(() => '')
  try {
    return mark.safeParse(JSON.parse(text)).success
  } catch {
    return false
  }
}

/** Links resolved where the path exists. */
export async function resolved(path: string): Promise<string> {
  return await realpath(path).catch(() => path)
}
