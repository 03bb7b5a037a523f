import { expect, test } from 'vitest'
import type { Assignment } from '#contract/runners/runner-protocol'
import type { LaunchContext } from '../runtime.ts'
import { claudeCommand } from './command.ts'

const context: LaunchContext = {
  cli: '/bin/claude',
  node: '',
  practiceAgent: '',
  folder: '/home/me/project',
  unsandboxedRoot: false,
  folderSettings: true,
  movedSession: null
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
    images: [],
    cwd: null,
    runtime: 'claude-code',
    place: 'host',
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
  const resume = { sessionId: 'abc', fork: true, cwd: null }
  expect(args({ model: 'opus', resume })).toMatch(/--model opus --resume abc --fork-session$/)
  expect(args({ resume: { ...resume, fork: false } })).toMatch(/--resume abc$/)
})

test('a session of another folder is named by its file, and always forked', () => {
  const movedSession = '/home/me/.claude/projects/-old/abc.jsonl'
  for (const fork of [true, false])
    expect(args({ resume: { sessionId: 'abc', fork, cwd: '/old' } }, { movedSession })).toMatch(
      /--resume \/home\/me\/.claude\/projects\/-old\/abc.jsonl --fork-session$/
    )
})

test('bypassPermissions as root on no sandbox is refused in plain words, and not offered for later', () => {
  expect(() => args({ permissionMode: 'bypassPermissions' }, { unsandboxedRoot: true })).toThrow('as root')
  expect(args({}, { unsandboxedRoot: true })).not.toContain('dangerously')
  expect(args({ permissionMode: 'bypassPermissions' })).toContain('--allow-dangerously-skip-permissions')
})
