import { randomBytes } from 'node:crypto'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ToAgent, toAgent } from '../../../server/runner/runtimes/command-protocol.ts'
import { openJournal } from './journal.ts'
import { lineOf, type Plan, parsePlan } from './plan.ts'

/** `agent.ts JOURNAL-FOLDER lines|events`: does what its prompt says, and notes what it did. */
const [folder = '.', output = 'events'] = process.argv.slice(2)
const runId = process.env.FLOTILLA_RUN_ID ?? 'nobody'
const note = openJournal(folder, runId)
note({ type: 'started', pid: process.pid })

const answers = new Map<string, (allow: boolean) => void>()
const messages: string[] = []
let wake = Promise.withResolvers<void>()
let closed = false
let lines = 0
let questions = 0

process.stdout.on('error', () => leave('cut off'))
const input = createInterface({ input: process.stdin })
input.on('line', line => {
  if (output === 'lines') take(line)
  else hear(toAgent.parse(JSON.parse(line)))
})
input.on('close', () => {
  closed = true
  wake.resolve()
})
await work()

function hear(message: ToAgent): void {
  switch (message.type) {
    case 'prompt':
    case 'message':
      take(message.text)
      break
    case 'answer':
      answers.get(message.key)?.(message.allow)
      break
    case 'interrupt':
      leave('interrupted')
      break
    case 'change':
      break
  }
}

function take(text: string): void {
  messages.push(text)
  wake.resolve()
}

async function next(): Promise<string | undefined> {
  while (messages.length === 0 && !closed) {
    await wake.promise
    wake = Promise.withResolvers()
  }
  return messages.shift()
}

async function work(): Promise<void> {
  const plan = parsePlan((await next()) ?? '')
  if (output === 'events') await send({ type: 'session', id: `session of ${runId}` })
  for (const step of plan.steps) await perform(step)
  if (plan.ending === 'hang') await new Promise(() => setInterval(() => {}, 60_000))
  if (plan.ending === 'crash') leave('crash')
  if (plan.ending === 'error') {
    await send({ type: 'error', message: 'as planned', code: 'STORM' })
    leave('error')
  }
  await endTurn()
  if (output === 'events') await converse()
  leave('well')
}

async function converse(): Promise<void> {
  for (let text = await next(); text !== undefined; text = await next()) {
    note({ type: 'heard', text })
    await say()
    await endTurn()
  }
}

async function perform(step: Plan['steps'][number]): Promise<void> {
  switch (step.do) {
    case 'say':
      for (let n = 0; n < step.lines; n++) {
        await say()
        if (step.pauseMs > 0) await sleep(step.pauseMs)
      }
      break
    case 'ask':
      await ask()
      break
    case 'garbage':
      await write(Buffer.concat([randomBytes(300), Buffer.from('\n')]))
      break
  }
}

async function say(): Promise<void> {
  const n = ++lines
  note({ type: 'saying', n })
  if (output === 'lines') await write(`${lineOf(n)}\n`)
  else await send({ type: 'text', text: lineOf(n) })
  note({ type: 'said', n })
}

async function ask(): Promise<void> {
  const key = `question ${++questions}`
  const answer = new Promise<boolean>(resolve => answers.set(key, resolve))
  note({ type: 'asked', key })
  await send({ type: 'approval', key, tool: 'Storm', title: `asks ${key}`, subject: key })
  note({ type: 'answered', key, allow: await answer })
}

async function endTurn(): Promise<void> {
  const text = `done after ${lines}`
  note({ type: 'result', text })
  if (output === 'events') await send({ type: 'result', text })
}

async function send(message: object): Promise<void> {
  await write(`${JSON.stringify(message)}\n`)
}

function write(chunk: string | Buffer): Promise<void> {
  return new Promise(resolve => process.stdout.write(chunk, () => resolve()))
}

function leave(how: 'well' | 'error' | 'crash' | 'interrupted' | 'cut off'): never {
  note({ type: 'leaving', how })
  process.exit(how === 'crash' ? 7 : how === 'error' ? 1 : 0)
}
