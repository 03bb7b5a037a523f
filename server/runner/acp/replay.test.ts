import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { replayAcp } from '../../../test/kit/acp/replay.ts'
import { assignmentOf, launchContext } from '../../../test/kit/assignment.ts'
import { acp } from '../runtimes/acp/index.ts'
import type { Signal } from '../runtimes/runtime.ts'
import { AcpDriver } from './driver.ts'

const command = { program: 'agent', args: [], prompt: 'stdin' as const, output: 'lines' as const }

function driverOf(): AcpDriver {
  const driver = acp.driver(assignmentOf({ runtime: 'acp', command }), launchContext())
  if (!(driver instanceof AcpDriver)) throw new Error('it speaks ACP')
  return driver
}

type Of<T extends Signal['type']> = Extract<Signal, { type: T }>
function all<T extends Signal['type']>(signals: readonly Signal[], type: T): Of<T>[] {
  return signals.filter((signal): signal is Of<T> => signal.type === type)
}
const events = (signals: readonly Signal[]) => all(signals, 'event').map(({ kind, message }) => `${kind}: ${message}`)
const facts = (signals: readonly Signal[]) => Object.assign({}, ...all(signals, 'facts').map(one => one.facts))

const folder = new URL('./fixtures/', import.meta.url)
const recorded = (name: string) => readFileSync(new URL(name, folder), 'utf8')
const replays = Object.fromEntries(
  ['claude-agent-acp-0.49.0', 'codex-acp-0.16.0'].map(name => [
    name,
    replayAcp(driverOf(), recorded(`${name}.jsonl`), recorded(`${name}.stdin.jsonl`))
  ])
)

describe.each(Object.entries(replays))('%s, as it was recorded', (_, { signals, endings }) => {
  test('each turn comes out as it did', () => {
    expect(endings.map(({ outcome, result, error }) => [outcome, error?.code ?? result])).toEqual([
      ['SUCCEEDED', 'Hello over ACP'],
      ['SUCCEEDED', 'done'],
      ['SUCCEEDED', 'done'],
      ['CANCELLED', null],
      ['FAILED', 'INVALID_MODEL_REQUEST']
    ])
  })

  test('half-finished text bears the name of the block that it becomes, and no line is left unread', () => {
    const deltas = all(signals, 'delta').map(({ delta }) => delta)
    const said = all(signals, 'event').filter(event => event.kind === 'assistant')
    for (const { message, data } of said)
      expect(deltas.flatMap(({ block, text }) => (block === data.block ? [text] : [])).join('')).toBe(message)
    expect(all(signals, 'output')).toEqual([])
    expect(facts(signals)).toMatchObject({
      sessionId: expect.stringMatching(/^[\da-f-]{36}$/),
      contextUsed: expect.any(Number)
    })
  })
})

test('calls, permissions, tokens and cost of a recorded session', () => {
  const { signals } = replays['claude-agent-acp-0.49.0'] ?? { signals: [] }
  expect(all(signals, 'approval')).toMatchObject([
    { kind: 'tool', tool: 'Command', title: 'wants to run a command', subject: 'touch acp1', reason: 'run' },
    {
      tool: 'Edit',
      title: 'wants to change a file',
      subject: '/home/me/project/acp2',
      input: { file_path: '/home/me/project/acp2', content: 'x' }
    }
  ])
  expect(events(signals).filter(event => /^tool/.test(event))).toEqual([
    'tool_use: Command touch acp1',
    'tool_result: (Bash completed with no output)',
    'tool_use: Edit acp2',
    'tool_result: User refused permission to run tool'
  ])
  expect(facts(signals)).toMatchObject({
    usage: { inputTokens: 500, outputTokens: 100 },
    costUsd: 0.005,
    contextMax: 1_000_000
  })
})

test('every line that is written is what the published schema of the stable list says', () => {
  const schema = JSON.parse(
    readFileSync(createRequire(import.meta.url).resolve('@agentclientprotocol/sdk/schema/v1/schema.json'), 'utf8')
  )
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  ajv.addSchema(schema, 'acp')
  const requests: Record<string, string> = {
    initialize: 'InitializeRequest',
    'session/new': 'NewSessionRequest',
    'session/set_mode': 'SetSessionModeRequest',
    'session/prompt': 'PromptRequest',
    'session/cancel': 'CancelNotification'
  }
  const lines = Object.values(replays).flatMap(replay => replay.written)
  for (const { method, params, result } of lines) {
    const name = method === undefined ? 'RequestPermissionResponse' : requests[method]
    const valid = ajv.validate(`acp#/$defs/${name}`, method === undefined ? result : params)
    expect([name, valid, ajv.errors]).toEqual([name, true, null])
  }
  expect(new Set(lines.flatMap(({ method }) => method ?? []))).toEqual(new Set(Object.keys(requests)))
})
