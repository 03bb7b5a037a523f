import { describe, expect, test } from 'vitest'
import { assignmentOf } from '../../../../test/kit/assignment.ts'
import type { Answer, Signal } from '../runtime.ts'
import { CodexDriver } from './driver.ts'
import { unwrapped } from './shell-words.ts'

const where = { threadId: 't', turnId: 'u', itemId: 'i' }

/** What Codex asks becomes; and what it is answered. */
function ask(method: string, params: object) {
  const driver = new CodexDriver(assignmentOf())
  const signals = driver.lines([JSON.stringify({ method, id: 0, params: { ...where, ...params } })])
  const [asked] = signals.filter(
    (signal): signal is Extract<Signal, { type: 'approval' }> => signal.type === 'approval'
  )
  const replies = (more: Signal[]) =>
    more.flatMap(signal =>
      signal.type === 'write' ? [JSON.parse(signal.line).result ?? JSON.parse(signal.line).error] : []
    )
  const answer = (given: Partial<Answer>) =>
    replies(driver.answer({ key: '0', allow: true, input: null, message: null, ...given }))[0]
  return { asked, answer, at: replies(signals)[0] }
}

test('a question is asked with its choices, and answered by its name', () => {
  const questions = [{ id: 'q', header: 'Pick', question: 'Which?', options: [{ label: 'A', description: 'a' }] }]
  const { asked, answer } = ask('item/tool/requestUserInput', { questions })
  expect(asked).toMatchObject({ kind: 'question', editable: true, input: { questions: [{ question: 'Which?' }] } })
  expect(answer({ input: { answers: { 'Which?': 'A' } } })).toEqual({ answers: { q: { answers: ['A'] } } })
  const unanswered = ask('item/tool/requestUserInput', { questions }).answer({ allow: false })
  expect(unanswered).toEqual({ answers: { q: { answers: ['The user did not answer this. Go on without it.'] } } })
})

describe('an MCP server that asks a person', () => {
  const form = (properties: object) =>
    ask('mcpServer/elicitation/request', {
      serverName: 'demo',
      mode: 'form',
      message: 'How?',
      requestedSchema: { type: 'object', properties }
    })

  test('gets each field as what it is', () => {
    const { asked, answer } = form({
      size: { type: 'string', enum: ['s', 'm'], enumNames: ['Small', 'Medium'] },
      sure: { type: 'boolean', title: 'Sure?' },
      count: { type: 'integer', description: 'How many' },
      name: { type: 'string' }
    })
    expect(asked).toMatchObject({ kind: 'question', title: 'demo asks', reason: 'How?' })
    const answers = { size: 'Medium', 'Sure?': 'No', 'How many': '3', name: 'x' }
    expect(answer({ input: { answers } })).toMatchObject({
      action: 'accept',
      content: { size: 'm', sure: false, count: 3, name: 'x' }
    })
  })

  test('gets a no as a no, and one that asks nothing in particular a yes', () => {
    expect(form({}).answer({ allow: false })).toMatchObject({ action: 'decline', content: null })
    expect(form({}).answer({ input: { answers: { 'How?': 'Yes' } } })).toMatchObject({ action: 'accept', content: {} })
  })

  test('in a form that nobody knows is told so', () => {
    const { asked, at } = ask('mcpServer/elicitation/request', { serverName: 'demo', mode: 'dance', message: '' })
    expect(asked).toBeUndefined()
    expect(at).toMatchObject({ message: expect.stringContaining('not supported') })
  })
})

test('the network is asked for by the address, more rights by what they are', () => {
  const network = { command: 'curl x', networkApprovalContext: { host: 'x.example', protocol: 'https' } }
  const { asked } = ask('item/commandExecution/requestApproval', network)
  expect(asked).toMatchObject({ title: 'wants to reach another machine', subject: 'https://x.example' })
  const permissions = { network: { enabled: true } }
  const rights = ask('item/permissions/requestApproval', { permissions })
  expect(rights.asked).toMatchObject({ title: 'wants more rights for this turn' })
  expect(rights.answer({})).toEqual({ permissions, scope: 'turn' })
  expect(ask('item/permissions/requestApproval', { permissions }).answer({ allow: false })).toEqual({
    permissions: {},
    scope: 'turn'
  })
})

test('that a file is deleted stands in the title, and its lines are those that go', () => {
  const driver = new CodexDriver(assignmentOf())
  const item = {
    type: 'fileChange',
    id: 'i',
    status: 'inProgress',
    changes: [{ path: '/p/a', kind: { type: 'delete' }, diff: 'x\n' }]
  }
  driver.lines([JSON.stringify({ method: 'item/started', params: { ...where, item } })])
  const params = { ...where, reason: null, grantRoot: '/p' }
  expect(driver.lines([JSON.stringify({ method: 'item/fileChange/requestApproval', id: 0, params })])).toMatchObject([
    {
      title: 'wants to delete /p/a, and to write anywhere below /p',
      input: { changes: [{ path: '/p/a', delete: true, before: 'x\n', after: '' }] }
    }
  ])
})

test('a changed request is refused: it would run as it was asked', () => {
  const { answer } = ask('item/commandExecution/requestApproval', { command: 'rm a' })
  expect(answer({ input: { command: 'rm b' } })).toEqual({ decision: 'decline' })
})

test('what Codex asks and nobody knows is answered all the same', () => {
  expect(ask('brand/new', {}).at).toMatchObject({ code: -32_601, message: 'brand/new is not supported' })
})

test('a sub-agent lies in the call that started it, and its turn is not that of the agent', () => {
  const driver = new CodexDriver(assignmentOf())
  const tell = (method: string, params: object) => driver.lines([JSON.stringify({ method, params })])
  const call = { type: 'collabAgentToolCall', id: 'c', tool: 'spawnAgent', status: 'inProgress', prompt: 'Look' }
  tell('item/started', { threadId: 'main', turnId: 'u', item: { ...call, receiverThreadIds: ['sub'] } })
  const said = tell('item/completed', {
    threadId: 'sub',
    turnId: 'v',
    item: { type: 'agentMessage', id: 'm', text: 'Seen' }
  })
  expect(said).toMatchObject([{ kind: 'assistant', message: 'Seen', data: { parent: 'c' } }])
  expect(tell('turn/completed', { threadId: 'sub', turn: { id: 'v', status: 'completed' } })).toEqual([])
})

test('the plan of a turn is its list of tasks', () => {
  const driver = new CodexDriver(assignmentOf())
  const plan = [{ step: 'one', status: 'inProgress' }]
  const params = { threadId: 't', turnId: 'u', explanation: null, plan }
  expect(driver.lines([JSON.stringify({ method: 'turn/plan/updated', params })])[0]).toMatchObject({
    data: { tool: 'update_plan', toolKind: 'todo', input: { plan: [{ step: 'one', status: 'in_progress' }] } }
  })
})

test.each([
  ["/bin/bash -lc 'touch zz1'", 'touch zz1'],
  ['/bin/bash -lc ls', 'ls'],
  ['bash -lc "echo \\"a\\" \\$HOME"', 'echo "a" $HOME'],
  [`/bin/zsh -lc 'it'"'"'s'`, "it's"],
  ['/bin/bash -lc ls; rm -rf x', '/bin/bash -lc ls; rm -rf x'],
  ['/bin/bash -lc "echo $(rm x)"', '/bin/bash -lc "echo $(rm x)"'],
  ["/bin/bash -lc 'a' b", "/bin/bash -lc 'a' b"],
  ['git status', 'git status']
])('%s is shown as %s', (command, shown) => {
  expect(unwrapped(command)).toBe(shown)
})
