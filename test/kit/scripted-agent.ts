import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Step } from './play.ts'

/** An agent that does what its argument says: lines of the command protocol, and waits for answers. */
const [script = '[]'] = process.argv.slice(2)
const answers = new Map<string, PromiseWithResolvers<unknown>>()
const answerTo = (key: string) => {
  const known = answers.get(key) ?? Promise.withResolvers<unknown>()
  answers.set(key, known)
  return known
}
const input = createInterface({ input: process.stdin })
input.on('line', line => {
  const message = JSON.parse(line) as { type: string; key?: string; input?: unknown }
  if (message.type === 'answer' && message.key) answerTo(message.key).resolve(message.input)
})

async function write(line: unknown, n = 0): Promise<void> {
  const text = JSON.stringify(line).replaceAll('%n', String(n)).replaceAll('%megabyte', 'x'.repeat(1_000_000))
  if (!process.stdout.write(`${text}\n`)) await once(process.stdout, 'drain')
}

for (const step of JSON.parse(script) as Step[]) {
  if (step.type !== undefined) await write(step)
  else if ('told' in step) await write({ type: 'text', text: JSON.stringify(await answerTo(step.told).promise) })
  else if ('answer' in step) await answerTo(step.answer).promise
  else for (let n = 1; n <= step.repeat; n++) for (const line of step.lines) await write(line, n)
}
// Not process.exit: what is written last would be lost in the pipe.
process.stdin.destroy()
