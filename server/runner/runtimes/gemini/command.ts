import type { Assignment } from '#contract/runners/runner-protocol'
import { type AgentCommand, type LaunchContext, RefusedLaunch } from '../runtime.ts'

/**
 * Whether it is started for one turn, to which nobody is listening: when it may do anything, and is given nothing that only
 * the other way takes. In a folder that it may not trust it would refuse to.
 */
export function isHeadless({ permissionMode, mcpServers, images }: Assignment, folderSettings: boolean): boolean {
  return permissionMode === 'bypassPermissions' && mcpServers.length === 0 && images.length === 0 && folderSettings
}

/** Otherwise it starts itself a second time: that takes twice as long, and a signal to the first does nothing. */
export const ofEveryStart = { GEMINI_CLI_NO_RELAUNCH: 'true' }

/** The prompt goes to stdin: one argument is limited to 128 KiB by Linux and seen by every user of the machine. */
export function geminiCommand(assignment: Assignment, { cli, folderSettings }: LaunchContext): AgentCommand {
  const { model, permissionMode, resume } = assignment
  if (permissionMode === 'plan' && !folderSettings) {
    const message =
      'Gemini CLI only plans in a folder that it trusts. Trust what lies in its .gemini, or choose another permission mode.'
    throw new RefusedLaunch('PERMISSION_MODE_REFUSED', message)
  }
  const headless = isHeadless(assignment, folderSettings)
  const chosen = model === null ? [] : ['--model', model]
  const oneTurn = ['--output-format', 'stream-json', '--approval-mode', 'yolo']
  const session = resume === null ? [] : ['--resume', resume.sessionId]
  return {
    file: cli ?? 'gemini',
    args: headless ? [...oneTurn, ...chosen, ...session] : ['--acp', '--approval-mode', 'default', ...chosen],
    env: { ...ofEveryStart, GEMINI_CLI_TRUST_WORKSPACE: String(folderSettings) },
    stopSignal: 'SIGINT'
  }
}
