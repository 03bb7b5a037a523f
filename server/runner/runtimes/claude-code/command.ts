import type { Assignment } from '#contract/runners/runner-protocol'
import { type AgentCommand, type LaunchContext, RefusedLaunch } from '../runtime.ts'
import { mcpSetting } from './mcp.ts'

const env = {
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  DISABLE_AUTOUPDATER: '1'
}

const twoWay = [
  '--print',
  '--input-format',
  'stream-json',
  '--output-format',
  'stream-json',
  '--verbose',
  '--include-partial-messages',
  '--permission-prompt-tool',
  'stdio'
]

/** The prompt goes to stdin: one argument is limited to 128 KiB by Linux and seen by every user of the machine. */
export function claudeCommand(assignment: Assignment, context: LaunchContext): AgentCommand {
  if (assignment.permissionMode === 'bypassPermissions' && context.unsandboxedRoot) {
    throw new RefusedLaunch(
      'PERMISSION_MODE_REFUSED',
      'Claude Code does not run with bypassPermissions as root. Choose another permission mode, run the runner as ' +
        'another user, or set IS_SANDBOX=1 in its environment if this machine is a sandbox.'
    )
  }
  const mcp = mcpSetting(assignment.mcpServers)
  return {
    file: context.cli ?? 'claude',
    args: [
      ...twoWay,
      ...sourceArgs(context),
      ...permissionArgs(assignment, context),
      ...agentArgs(assignment),
      ...mcp.args,
      ...modelArgs(assignment),
      ...resumeArgs(assignment, context)
    ],
    env: { ...env, ...mcp.env },
    stopSignal: 'SIGINT'
  }
}

/** Without those of the folder, its MCP servers, agents, commands and skills stay out as well. */
function sourceArgs({ folderSettings }: LaunchContext): string[] {
  return folderSettings ? [] : ['--setting-sources', 'user']
}

function permissionArgs({ permissionMode }: Assignment, { unsandboxedRoot }: LaunchContext): string[] {
  // Without this flag the CLI would refuse a later change to bypassPermissions; as root it refuses the flag itself.
  const changeable = unsandboxedRoot ? [] : ['--allow-dangerously-skip-permissions']
  return ['--permission-mode', permissionMode, ...changeable]
}

/** Short enough for one argument each: the contract bounds instructions to that end. */
function agentArgs({ instructions, allowedTools }: Assignment): string[] {
  return [
    ...(instructions === '' ? [] : ['--append-system-prompt', instructions]),
    ...(allowedTools.length === 0 ? [] : ['--allowedTools', ...allowedTools])
  ]
}

function modelArgs({ model }: Assignment): string[] {
  return model === null ? [] : ['--model', model]
}

/**
 * A session of another folder is named by its file, since the older CLIs find it by its id in its own folder only; and it
 * is forked, since all of them write on in that file: the folder may be a copy, and the original goes its own way.
 */
function resumeArgs({ resume }: Assignment, { movedSession }: LaunchContext): string[] {
  if (resume === null) return []
  const fork = resume.fork || movedSession !== null
  return ['--resume', movedSession ?? resume.sessionId, ...(fork ? ['--fork-session'] : [])]
}
