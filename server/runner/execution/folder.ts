import { constants } from 'node:fs'
import { access, mkdir, realpath, stat } from 'node:fs/promises'
import { isAbsolute, join, relative, sep } from 'node:path'
import { RefusedLaunch } from '../runtimes/runtime.ts'

export interface FolderRules {
  /** Absolute; links are resolved here. */
  allowedDirs: string[]
  dataDir: string
}

/**
 * The folder in which a run works, links resolved. Without a wish it is a private one of the run's chain. Throws
 * RefusedLaunch with CWD_MISSING, CWD_NOT_A_DIRECTORY, CWD_UNREADABLE or CWD_NOT_ALLOWED.
 */
export async function resolveFolder(wish: string | null, workspace: string, rules: FolderRules): Promise<string> {
  const workspaces = join(rules.dataDir, 'workspaces')
  if (wish === null) {
    const own = join(workspaces, workspace.replace(/[^\w-]/g, '_'))
    await mkdir(own, { recursive: true, mode: 0o700 })
    return await realpath(own)
  }
  if (!isAbsolute(wish)) throw new RefusedLaunch('CWD_NOT_ALLOWED', `The folder must be an absolute path: ${wish}`)
  const folder = await existing(wish)
  await checkAllowed(wish, folder, rules, workspaces)
  return folder
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

async function checkAllowed(wish: string, folder: string, rules: FolderRules, workspaces: string): Promise<void> {
  const dataDir = await resolved(rules.dataDir)
  if (isInside(folder, await resolved(workspaces))) return
  const allowed = await Promise.all(rules.allowedDirs.map(resolved))
  const inData = isInside(folder, dataDir)
  if (!inData && allowed.some(dir => isInside(folder, dir))) return
  const where = folder === wish ? folder : `${wish} (which is ${folder})`
  const rule = inData
    ? 'agents do not work in the data folder of Flotilla'
    : `this runner works in ${rules.allowedDirs.join(', ') || 'private folders only'}. Add the folder to ALLOWED_DIRS`
  throw new RefusedLaunch('CWD_NOT_ALLOWED', `${where} is not allowed: ${rule}`)
}

export function isInside(folder: string, parent: string): boolean {
  const path = relative(parent, folder)
  return path === '' || (path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path))
}

/** Links resolved where the path exists. */
export async function resolved(path: string): Promise<string> {
  return await realpath(path).catch(() => path)
}
