import { dirname } from 'node:path'
import type { AgentCommand, LaunchContext } from '../runtime.ts'

/** All else, with every secret and the prompt, goes to its stdin: arguments are seen by every user of the machine. */
export function codexCommand(context: LaunchContext): AgentCommand {
  return {
    file: context.cli ?? 'codex',
    args: ['app-server', '-c', `projects=${trustOf(context)}`],
    env: {},
    stopSignal: 'SIGTERM'
  }
}

/**
 * Whether what lies in `.codex` of the folder takes effect. It is said of each folder above, too, for any of them may be
 * the root of the project; and always, for Codex itself would write the folder into its settings as trusted as soon as an
 * agent may write there.
 */
function trustOf({ folder, folderSettings }: LaunchContext): string {
  const level = folderSettings ? 'trusted' : 'untrusted'
  return `{${withAbove(folder)
    .map(path => `${JSON.stringify(path)}={trust_level="${level}"}`)
    .join(',')}}`
}

function withAbove(folder: string): string[] {
  const above = dirname(folder)
  return above === folder ? [folder] : [folder, ...withAbove(above)]
}
