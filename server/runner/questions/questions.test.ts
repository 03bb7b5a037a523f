import { expect, test } from 'vitest'
import type { Question } from '#contract/runners/questions'
import { type Answerers, Questions } from './questions.ts'

const server = { name: 'x', transport: 'stdio' as const, command: 'x', args: [], url: null, env: {}, headers: {} }
const question: Question = { type: 'checkMcp', server }
const answer = { ok: true as const, tools: [] }
const reply = { type: 'checkMcp', answer }

function answered(checkMcp: Answerers['checkMcp'], limits = { limitMs: 60_000, atOnce: 2 }) {
  const others = {
    listFiles: async () => ({ paths: [], more: false, partial: false }),
    look: async () => ({ state: null }),
    changes: async () => ({ type: 'gone' as const, message: '' }),
    hunks: async () => ({ type: 'gone' as const, message: '' }),
    putBack: async () => ({ type: 'gone' as const, message: '' }),
    tryCommand: async () => ({ exitCode: 0, output: '' })
  }
  const rest = { changes: limits, hunks: limits, putBack: limits }
  const all = { checkMcp: limits, listFiles: limits, look: limits, tryCommand: limits, ...rest }
  return new Questions({ checkMcp, ...others }, all)
}

test('a question is answered by the answerer of its type', async () => {
  const asked: Question[] = []
  const runner = answered(async one => {
    asked.push(one)
    return answer
  })
  expect(await runner.reply(question)).toEqual(reply)
  expect(asked).toEqual([question])
})

test('more than so many at a time are refused at once, and taken again when one is done', async () => {
  const gates = [Promise.withResolvers<typeof answer>(), Promise.withResolvers<typeof answer>()]
  let begun = 0
  const runner = answered(async () => (await gates[begun++]?.promise) ?? answer)
  const two = [runner.reply(question), runner.reply(question)]
  expect(await runner.reply(question)).toMatchObject({ type: 'cannot', why: 'busy' })
  gates[0]?.resolve(answer)
  expect(await two[0]).toEqual(reply)
  expect(await runner.reply(question)).toEqual(reply)
  gates[1]?.resolve(answer)
  expect(await two[1]).toEqual(reply)
})

test.each([
  ['does not know when to stop', () => new Promise<never>(() => {})],
  [
    'stops when it is told',
    (signal: AbortSignal) => new Promise<never>((_, no) => signal.addEventListener('abort', no))
  ]
])('one that %s is too slow', async (_, wait) => {
  const runner = answered((_question, signal) => wait(signal), { limitMs: 20, atOnce: 1 })
  expect(await runner.reply(question)).toMatchObject({ type: 'cannot', why: 'slow' })
})

test.each([
  ['an error', async () => Promise.reject(new Error('no such folder'))],
  [
    'an error at once',
    () => {
      throw new Error('no such folder')
    }
  ]
])('%s is told in its words', async (_, fails) => {
  expect(await answered(fails).reply(question)).toEqual({ type: 'cannot', why: 'failed', message: 'no such folder' })
})
