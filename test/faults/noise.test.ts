import { readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { listRunners } from '#contract/runners/runners'
import { cancelRun, endedStatuses, getRun, launchRun, type Run } from '#contract/runs/runs'
import { eventsOf, readStream, untilStatus } from '../kit/events.ts'
import { type Headless, startHeadless } from '../kit/headless.ts'
import { agentsOf, runnerOf, send } from '../kit/processes.ts'

let living: Headless
const launched: string[] = []
afterEach(async () => {
  const { dataDir } = living.app
  const runner = await runnerOf(dataDir)
  await living.kill('SIGKILL')
  if (runner !== null) send(runner, 'SIGKILL')
  for (const id of launched.splice(0)) for (const pid of await agentsOf(id)) send(pid, 'SIGKILL')
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
})

const inTime = { timeout: 20_000, interval: 50 }

async function start(env: Record<string, string> = {}): Promise<void> {
  living = await startHeadless({ env })
  const statuses = async () => (await living.app.call(listRunners)).data.map(runner => runner.status)
  await expect.poll(statuses, inTime).toEqual(['online'])
}

async function launch(script: string, output: 'lines' | 'events' = 'lines'): Promise<string> {
  const command = { program: process.execPath, args: ['-e', script], output }
  const { id } = await living.app.call(launchRun, { body: { prompt: 'go', runtime: 'command', command } })
  launched.push(id)
  return id
}

async function untilEnded(runId: string): Promise<Run> {
  return await untilStatus(living.app, runId, ...endedStatuses)
}

/** Where the system tells; elsewhere 0, which is below every limit. */
function megabytesOf(pid: number | null | undefined): number {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
  } catch {
    return 0
  }
}

const megabyte = 1_000_000

describe('an agent that writes', () => {
  test('a line of 20 MB: what is kept says how much is missing, and what comes after it is there', async () => {
    await start()
    const id = await launch(`process.stdout.write('x'.repeat(${20 * megabyte}) + '\\nafter it\\n')`)
    expect(await untilEnded(id)).toMatchObject({ status: 'SUCCEEDED', result: 'after it' })
    const said = (await eventsOf(living.app, id)).filter(event => event.kind === 'assistant')
    const text = said.map(event => event.message).join('\n')
    expect(text.length).toBeLessThan(1.1 * megabyte)
    expect(text).toContain('[19,000,000 more characters are not kept]')
  })

  test('a line of 20 MB of the protocol: the same', async () => {
    await start()
    const say = `const say = message => console.log(JSON.stringify(message));`
    const id = await launch(
      `${say} say({ type: 'text', text: 'x'.repeat(${20 * megabyte}) }); say({ type: 'text', text: 'after it' }); say({ type: 'result', text: 'done' })`,
      'events'
    )
    expect(await untilEnded(id)).toMatchObject({ status: 'SUCCEEDED', result: 'done' })
    const [long, after] = (await eventsOf(living.app, id)).filter(event => event.kind === 'assistant')
    expect(long?.message.length).toBeLessThan(1.1 * megabyte)
    expect(long?.message).toMatch(/\[19,000,000 more characters are not kept\]$/)
    expect(after?.message).toBe('after it')
  })

  test('a line beyond all limits: it is passed over and said so, and nobody swells', async () => {
    await start()
    const id = await launch(
      `const part = 'x'.repeat(${megabyte}); let n = 0;
       const more = () => { while (n++ < 200) if (!process.stdout.write(part)) return process.stdout.once('drain', more);
         process.stdout.write('\\nafter it\\n') };
       more()`
    )
    expect(await untilEnded(id)).toMatchObject({ status: 'SUCCEEDED', result: 'after it' })
    const skipped = (await eventsOf(living.app, id)).find(event => event.data.code === 'LINE_TOO_LONG')
    expect(skipped?.message).toContain('200,000,000 bytes')
    expect(megabytesOf(await runnerOf(living.app.dataDir))).toBeLessThan(400)
  })

  test.each(['lines', 'events'] as const)(
    'binary garbage instead of %s: a bounded part is kept, as text',
    async output => {
      await start()
      const done = output === 'events' ? `console.log('\\n' + JSON.stringify({ type: 'result', text: 'done' }))` : ''
      const id = await launch(
        `const bytes = require('node:crypto').randomBytes(2_000_000); process.stdout.write(bytes, () => { ${done} })`,
        output
      )
      expect((await untilEnded(id)).status).toBe('SUCCEEDED')
      const events = await eventsOf(living.app, id)
      expect(events.map(event => event.seq)).toEqual(events.map((_, index) => index + 1))
      // Of what is not of the protocol, 200 pieces; then one that says how many more there were.
      if (output === 'events') expect(events.filter(event => event.data.subtype === 'output')).toHaveLength(201)
      const streamed = await readStream(
        living.app,
        `/api/v1/runs/${id}/events`,
        frames => frames.at(-1)?.event === 'end'
      )
      expect(streamed.slice(0, -1).map(frame => JSON.parse(frame.data))).toEqual(events)
    }
  )
})

test('an agent that is silent for long: the run says so, goes on, and says it anew when it falls silent again', async () => {
  await start({ FLOTILLA_SILENCE_SECONDS: '1' })
  const id = await launch(
    `console.log('here'); process.on('SIGUSR2', () => console.log('again')); setInterval(() => {}, 1000)`
  )
  const reason = async () => (await living.app.call(getRun, { params: { id } })).statusReason
  await expect.poll(reason, inTime).toBe('No output for 1 s')
  expect((await living.app.call(getRun, { params: { id } })).status).toBe('RUNNING')
  for (const pid of await agentsOf(id)) send(pid, 'SIGUSR2')
  const said = async () => (await eventsOf(living.app, id)).map(event => event.message)
  await expect.poll(said, inTime).toContain('again')
  // Silent again, which is said anew.
  await expect.poll(reason, inTime).toBe('No output for 1 s')
  await living.app.call(cancelRun, { params: { id } })
  expect((await untilEnded(id)).status).toBe('CANCELLED')
})

test('a client that stalls: memory stays bounded, others miss nothing, and it gets everything when it reads on', async () => {
  await start()
  const id = await launch(
    `let n = 0; const say = () => { if (n++ < 150) process.stdout.write('y'.repeat(300_000) + '\\n', () => setTimeout(say, 5)) };
     process.stdin.once('data', say)`
  )
  const { app, process: child } = living
  const before = megabytesOf(child.pid)
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1')
  socket.pause()
  socket.write(
    `GET /api/v1/runs/${id}/events HTTP/1.1\r\nHost: ${new URL(app.url).host}\r\nAccept: text/event-stream\r\n` +
      `Authorization: Bearer ${app.ownerToken}\r\nConnection: close\r\n\r\n`
  )
  const prompt = await readStream(app, `/api/v1/runs/${id}/events`, frames => frames.at(-1)?.event === 'end')
  const stored = await eventsOf(app, id)
  expect(prompt.slice(0, -1).map(frame => Number(frame.id))).toEqual(stored.map(event => event.seq))
  expect(stored.reduce((sum, event) => sum + event.message.length, 0)).toBeGreaterThan(40 * megabyte)
  // Far less than the 45 MB that it has not read, and nothing that grows with them.
  expect(megabytesOf(child.pid) - before).toBeLessThan(200)
  let received = ''
  for await (const chunk of socket) received += chunk
  const ids = [...received.matchAll(/^id: (\d+)$/gm)].map(match => Number(match[1]))
  expect(ids).toEqual(stored.map(event => event.seq))
})
