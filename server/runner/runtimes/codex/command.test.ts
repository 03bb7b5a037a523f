import { expect, test } from 'vitest'
import { assignmentOf, launchContext } from '../../../../test/kit/assignment.ts'
import type { Signal } from '../runtime.ts'
import { codexCommand } from './command.ts'
import { CodexDriver } from './driver.ts'

const context = launchContext({ cli: '/bin/codex', folder: '/home/me/pro "ject"', folderSettings: false })

test.each([
  [false, 'untrusted'],
  [true, 'trusted']
])(
  'settings of the folder that may act: %s; of those above it, too, for any may be the root of a project',
  (yes, word) => {
    const { file, args } = codexCommand({ ...context, folderSettings: yes })
    expect(file).toBe('/bin/codex')
    const folders = ['/home/me/pro \\"ject\\"', '/home/me', '/home', '/'].map(
      path => `"${path}"={trust_level="${word}"}`
    )
    expect(args).toEqual(['app-server', '-c', `projects={${folders.join(',')}}`])
  }
)

type Message = { id: number; method: string; params: Record<string, unknown> }

/** A driver up to where it begins its session, with what Codex answers before. */
function begun(more: Parameters<typeof assignmentOf>[0], account: object, config: object = {}): Message {
  const driver = new CodexDriver(assignmentOf(more))
  const answers: Record<string, object> = {
    initialize: { userAgent: 'flotilla/0.171.0 (Linux)' },
    'account/read': account,
    'config/read': { config }
  }
  const messages = (signals: Signal[]) =>
    signals.flatMap(signal => (signal.type === 'write' ? [JSON.parse(signal.line) as Message] : []))
  let said = messages(driver.start())
  for (;;) {
    const asked = said.findLast(({ id }) => id !== undefined)
    if (asked === undefined) throw new Error('It asks nothing')
    const result = answers[asked.method]
    if (result === undefined) return asked
    said = messages(driver.lines([JSON.stringify({ id: asked.id, result })]))
  }
}

const signedOut = { account: null, requiresOpenaiAuth: true }
const signedIn = { account: { type: 'chatgpt' }, requiresOpenaiAuth: true }
const providerOf = ({ params }: Message) => params.modelProvider
const key = { OPENAI_API_KEY: 'sk-key' }

test('OpenAI is asked by the sign-in where there is one, else by the key of the environment', () => {
  expect(providerOf(begun({}, signedIn))).toBeUndefined()
  const keyed = begun({}, signedOut)
  expect(keyed.params).toMatchObject({
    modelProvider: 'openai-key',
    config: { model_providers: { 'openai-key': { env_key: 'OPENAI_API_KEY' } } }
  })
})

test('a key that was given to the agent goes before the sign-in, but not before a provider of the user', () => {
  expect(providerOf(begun({ env: key }, signedIn))).toBe('openai-key')
  expect(providerOf(begun({ env: key }, { requiresOpenaiAuth: false }))).toBeUndefined()
  const moved = begun({ env: key }, signedOut, { openai_base_url: 'http://proxy/v1' })
  expect(JSON.stringify(moved.params.config)).toContain('http://proxy/v1')
  // The key itself is no business of anybody but the environment.
  expect(JSON.stringify(moved)).not.toContain('sk-key')
})

test.each([
  ['default', 'on-request', 'read-only'],
  ['acceptEdits', 'on-request', 'workspace-write'],
  ['plan', 'never', 'read-only'],
  ['bypassPermissions', 'never', 'danger-full-access']
] as const)('%s: asks %s, in a sandbox that is %s', (permissionMode, approvalPolicy, sandbox) => {
  const { method, params } = begun({ permissionMode, instructions: 'Be kind.', model: 'm' }, signedIn)
  expect(method).toBe('thread/start')
  expect(params).toMatchObject({ approvalPolicy, sandbox, approvalsReviewer: 'user', model: 'm' })
  expect(params).toMatchObject({ developerInstructions: 'Be kind.', cwd: '/home/me/project' })
})

test.each([
  [false, 'thread/resume'],
  [true, 'thread/fork']
])('a session goes on, in a copy of itself: %s', (fork, wanted) => {
  const { method, params } = begun({ resume: { sessionId: 's', fork, cwd: null } }, signedIn)
  expect([method, params.threadId]).toEqual([wanted, 's'])
})

test('a CLI that never takes up its session is given up', () => {
  const driver = new CodexDriver(assignmentOf())
  expect(driver.start()).toContainEqual({ type: 'alarm', ms: 60_000 })
  expect(driver.alarm()).toEqual([{ type: 'over' }])
  expect(driver.end({ code: null, signal: 'SIGTERM', stderr: '' }).error?.code).toBe('RUNTIME_HUNG')
})

test('a process that ends before its turn says so with its last words', () => {
  const driver = new CodexDriver(assignmentOf())
  driver.start()
  const ending = driver.end({ code: 1, signal: null, stderr: 'Error loading config.toml: expected a string' })
  expect(ending.error).toMatchObject({ code: 'AGENT_CRASHED', message: expect.stringContaining('config.toml') })
})
