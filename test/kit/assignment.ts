import type { Assignment } from '#contract/runners/runner-protocol'

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
