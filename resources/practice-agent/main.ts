import { createInterface } from 'node:readline'
import { type ToAgent, toAgent } from '../../server/runner/runtimes/command-protocol.ts'
import { PracticeAgent } from './agent.ts'
import { Folder } from './folder.ts'
import { send } from './voice.ts'

const agent = new PracticeAgent(await Folder.open(process.cwd()))
let work = Promise.resolve()

const input = createInterface({ input: process.stdin })
input.on('line', line => {
  const parsed = toAgent.safeParse(parse(line))
  if (parsed.success) read(parsed.data)
  else console.error(`Not a message of the command protocol: ${line.slice(0, 200)}`)
})
input.on('close', () => {
  // Nobody listens any more.
  agent.interrupt()
  void work.then(() => process.exit(0))
})

function read(message: ToAgent): void {
  switch (message.type) {
    case 'prompt':
      agent.permissionMode = message.permissionMode
      agent.remember(message.session)
      take(message)
      break
    case 'message':
      take(message)
      break
    case 'answer':
      agent.answer(message)
      break
    case 'interrupt':
      agent.interrupt()
      break
    case 'change':
      agent.permissionMode = message.permissionMode ?? agent.permissionMode
      break
  }
}

/** One message at a time, in their order. */
function take({ text, images = [] }: Extract<ToAgent, { type: 'prompt' | 'message' }>): void {
  work = work
    .then(() => agent.take(text, images))
    .catch(error => send({ type: 'error', message: error instanceof Error ? error.message : String(error) }))
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
