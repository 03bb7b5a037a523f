import { expect, test } from 'vitest'
import type { Assignment } from '#contract/runners/runner-protocol'
import type { LaunchContext } from '../runtime.ts'
import { claudeCommand } from './command.ts'

const context: LaunchContext = {
  cli: '/bin/claude',
  node: '',
  practiceAgent: '',
  unsandboxedRoot: false,
  folderSettings: true
}

function args(more: Partial<Assignment> = {}, around: Partial<LaunchContext> = {}): string {
  const assignment: Assignment = {
    runId: 'r',
    number: 1,
    attempt: 1,
    workspace: 'r',
    instructions: '',
    allowedTools: [],
    env: {},
    mcpServers: [],
    prompt: 'SECRET PROMPT',
    cwd: null,
    runtime: 'claude-code',
    command: null,
    model: null,
    permissionMode: 'default',
    resume: null,
    timeoutSeconds: null,
    ...more
  }
  return claudeCommand(assignment, { ...context, ...around }).args.join(' ')
}

test('it talks both ways and asks through stdio; the prompt is no argument', () => {
  expect(args()).toContain('--input-format stream-json --output-format stream-json --verbose')
  expect(args()).toContain('--permission-prompt-tool stdio --permission-mode default')
  expect(args()).not.toContain('SECRET PROMPT')
})

test('model, resume and fork are passed on', () => {
  const resume = { sessionId: 'abc', fork: true }
  expect(args({ model: 'opus', resume })).toMatch(/--model opus --resume abc --fork-session$/)
  expect(args({ resume: { ...resume, fork: false } })).toMatch(/--resume abc$/)
})

test('bypassPermissions as root on no sandbox is refused in plain words, and not offered for later', () => {
  expect(() => args({ permissionMode: 'bypassPermissions' }, { unsandboxedRoot: true })).toThrow('as root')
  expect(args({}, { unsandboxedRoot: true })).not.toContain('dangerously')
  expect(args({ permissionMode: 'bypassPermissions' })).toContain('--allow-dangerously-skip-permissions')
})
