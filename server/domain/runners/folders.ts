import { type FolderRule, judgeFolder } from '#contract/runners/folder-rule'
import { allowedDirsOf, type RunnerRow } from '../../store/runners/runners.ts'
import type { Domain } from '../domain.ts'

/**
 * Whether a runner would work in a folder, as far as the control plane can tell; null: in a private one, which it always
 * would. On this machine links are resolved first; for a runner elsewhere the paths are compared as written. The runner
 * applies the same rule to what it finds there.
 */
export function allows(domain: Pick<Domain, 'resolveFolder'>, runner: RunnerRow, cwd: string | null): boolean {
  if (cwd === null) return true
  return judgeFolder(runner.kind === 'builtin' ? whereItIs(domain, cwd) : cwd, ruleOf(runner)) === 'allowed'
}

/** A folder that is not there is the runner's to report, with its own words. */
export function whereItIs(domain: Pick<Domain, 'resolveFolder'>, folder: string): string {
  return domain.resolveFolder(folder) ?? folder
}

function ruleOf(runner: RunnerRow): FolderRule {
  return { platform: runner.platform, allowedDirs: allowedDirsOf(runner), dataDir: runner.data_dir }
}
