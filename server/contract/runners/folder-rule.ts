/** Where a runner lets agents work. */
export interface FolderRule {
  /** As Node names it; decides how paths are read. */
  platform: string
  /** Absolute, links resolved. */
  allowedDirs: readonly string[]
  /** Of the runner itself; null: not told. */
  dataDir: string | null
}

/** `data folder`: it lies in one of Flotilla, where no agent works outside of its private folder. */
export type FolderVerdict = 'allowed' | 'not absolute' | 'data folder' | 'elsewhere'

/**
 * The one rule about folders, for the control plane that queues a run and the runner that starts it. It compares paths
 * as they are written: whoever can resolves links first.
 */
export function judgeFolder(folder: string, { platform, allowedDirs, dataDir }: FolderRule): FolderVerdict {
  if (!isAbsolute(folder, platform)) return 'not absolute'
  if (dataDir !== null && isInside(folder, dataDir, platform))
    return isInside(folder, workspacesOf(dataDir, platform), platform) ? 'allowed' : 'data folder'
  return allowedDirs.some(dir => isInside(folder, dir, platform)) ? 'allowed' : 'elsewhere'
}

/** Where the private folders of a runner lie. */
export function workspacesOf(dataDir: string, platform: string): string {
  return `${dataDir}${platform === 'win32' ? '\\' : '/'}workspaces`
}

function isAbsolute(path: string, platform: string): boolean {
  return platform === 'win32' ? /^([a-z]:)?[\\/]/i.test(path) : path.startsWith('/')
}

export function isInside(folder: string, parent: string, platform: string): boolean {
  const inner = partsOf(folder, platform)
  return partsOf(parent, platform).every((part, index) => part === inner[index])
}

/** Without `.` and `..`; Windows knows two separators and no capitals. */
function partsOf(path: string, platform: string): string[] {
  const parts: string[] = []
  const names = platform === 'win32' ? path.toLowerCase().split(/[\\/]/) : path.split('/')
  for (const name of names) {
    if (name === '..') parts.pop()
    else if (name !== '' && name !== '.') parts.push(name)
  }
  return parts
}
