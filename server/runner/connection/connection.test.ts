import { expect, test } from 'vitest'
import type { z } from 'zod'
import type { Endpoint } from '#contract/endpoint'
import type { pollCommands } from '#contract/runners/runner-protocol'
import { Connection, type ConnectionOptions } from './connection.ts'

type Poll = z.input<typeof pollCommands.body>

/** A control plane that answers registrations only: everything else waits for what a test decides. */
function connect() {
  const polls: Poll[] = []
  const answers: PromiseWithResolvers<unknown>[] = []
  const identity = { runnerId: 'r', incarnation: 'i' }
  let change = Promise.withResolvers<void>()
  const held: { runId: string; attempt: number }[] = []
  const claims: ((answer: unknown) => void)[] = []
  const call = (async (endpoint: Endpoint, { body, signal }: { body?: unknown; signal?: AbortSignal } = {}) => {
    if (endpoint.id === 'registerRunner')
      return endpoint.output.parse({ ...identity, leaseSeconds: 60, resume: [], abandon: [] })
    const answer = Promise.withResolvers<unknown>()
    signal?.addEventListener('abort', () => answer.reject(new Error('given up')))
    if (endpoint.id === 'claimRuns') claims.push(answer.resolve)
    if (endpoint.id === 'pollRunnerCommands') {
      polls.push(body as Poll)
      answers.push(answer)
    }
    return endpoint.output.parse(await answer.promise)
  }) as ConnectionOptions['call']
  const nothing = async () => {}
  const connection = new Connection({
    call,
    registration: async () => ({
      identity: crypto.randomUUID(),
      name: 'test',
      kind: 'remote',
      hostname: '',
      platform: '',
      version: '',
      allowedDirs: [],
      capacity: 2
    }),
    runs: {
      get active() {
        return held
      },
      get size() {
        return held.length
      },
      get free() {
        return 2 - held.length
      },
      get nextChange() {
        return change.promise
      },
      died: [],
      safe: true,
      start({ runId, attempt }) {
        held.push({ runId, attempt })
        change.resolve()
        change = Promise.withResolvers()
      },
      takeOver: nothing,
      abandonAll: nothing,
      stopAll: nothing,
      clean: text => text,
      carryOut() {},
      reattach() {},
      abandon() {}
    },
    places: {
      ids: ['host'],
      reports: [],
      warnings: [],
      firstReports: async () => [],
      onChange() {},
      refresh: nothing,
      install: nothing
    },
    questions: { types: [], reply: () => Promise.reject(new Error('nothing is asked here')) },
    lonelyMs: null,
    credential: { what: 'its key', remedy: 'Make another' },
    hasHome: () => true,
    draining: false,
    log() {}
  })
  return { connection, polls, claims, answers, identity }
}

const assignment = {
  runId: 'run',
  number: 1,
  attempt: 1,
  prompt: '',
  cwd: null,
  runtime: 'command',
  place: 'host',
  command: null,
  model: null,
  permissionMode: 'default',
  instructions: '',
  allowedTools: [],
  env: {},
  mcpServers: [],
  workspace: 'run',
  resume: null,
  timeoutSeconds: null
}

test('a run that comes ends the long poll of the idle: its lease is renewed at once and then often', async () => {
  const { connection, polls, claims } = connect()
  const held = connection.hold()
  await expect.poll(() => [polls.length, claims.length]).toEqual([1, 1])
  expect(polls[0]).toMatchObject({ active: [] })
  expect(polls[0]?.waitSeconds).toBeGreaterThan(200)
  claims[0]?.({ runs: [assignment] })
  await expect.poll(() => polls.length).toBe(2)
  expect(polls[1]).toMatchObject({ active: [{ runId: 'run', attempt: 1 }], waitSeconds: 20 })
  connection.leave()
  await held
})

test.each([
  ['the same control plane goes on after the last one', 'r', 7],
  ['another control plane counts anew', 'other', 0]
])('commands: %s', async (_, runnerId, after) => {
  const { connection, polls, answers, identity } = connect()
  const over = connection.hold()
  await expect.poll(() => polls.length).toBe(1)
  expect(polls[0]?.after).toBe(0)
  const command = { id: 7, type: 'interrupt', runId: 'x' }
  answers[0]?.resolve({ commands: [command], abandon: [], leave: 'no' })
  await expect.poll(() => polls.length).toBe(2)
  expect(polls[1]?.after).toBe(7)
  Object.assign(identity, { runnerId, incarnation: 'next' })
  answers[1]?.reject(new Error('the connection broke'))
  await expect.poll(() => polls.find(poll => poll.incarnation === 'next')?.after).toBe(after)
  connection.leave()
  await over
})
