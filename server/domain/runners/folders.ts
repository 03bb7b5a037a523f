import { posix, win32 } from 'node:path'
import { allowedDirsOf, type RunnerRow } from '../../store/runners/runners.ts'
import type { Domain } from '../domain.ts'

/**
 * Whether a runner would work in a folder, as far as the control plane can tell. On this machine links are resolved first;
 * for a runner elsewhere the paths are compared as written. The runner itself decides in the end.
 */
export function allows(domain: Domain, runner: RunnerRow, cwd: string | undefined): boolean {
  if (cwd === undefined) return true
  // A folder that is not there is the runner's to report, with its own words.
  const path = runner.kind === 'builtin' ? (domain.resolveFolder(cwd) ?? cwd) : cwd
  return allowedDirsOf(runner).some(dir => contains(dir, path, runner.platform))
}

function contains(dir: string, path: string, platform: string): boolean {
  const rules = platform === 'win32' ? win32 : posix
  if (!rules.isAbsolute(path)) return false
  const relative = rules.relative(dir, path)
  return relative === '' || (!relative.startsWith('..') && !rules.isAbsolute(relative)) || /^\.\.[^/\\]/.test(relative)
}
