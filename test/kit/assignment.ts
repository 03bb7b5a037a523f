import type { Assignment } from '#contract/runners/runner-protocol'
import type { LaunchContext } from '../../server/runner/runtimes/runtime.ts'

/** A run as a runner gets it. */
export function assignmentOf(more: Partial<Assignment> = {}): Assignment {
  return {
    runId: 'r',
    number: 1,
    attempt: 1,
    workspace: 'r',
    instructions: '',
    allowedTools: [],
    env: {},
    mcpServers: [],
    prompt: 'go',
    images: [],
    cwd: '/home/me/project',
    runtime: 'claude-code',
    place: 'host',
    command: null,
    model: null,
    permissionMode: 'default',
    resume: null,
    timeoutSeconds: null,
    ...more
  }
}

/** What a runtime is told of the place where it is started. */
export function launchContext(more: Partial<LaunchContext> = {}): LaunchContext {
  return {
    cli: null,
    node: 'node',
    practiceAgent: 'agent',
    folder: '/home/me/project',
    unsandboxedRoot: false,
    folderSettings: true,
    movedSession: null,
    ...more
  }
}
