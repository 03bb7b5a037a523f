import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, test } from 'vitest'

/** Counts signals; ends well 500 ms after the first, so that a second one has time to show. */
const counter = `
  let count = 0
  const onSignal = signal => {
    console.log(signal + ' ' + ++count)
    if (count === 1) setTimeout(() => process.exit(7), 500)
  }
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, onSignal)
  console.log('ready')
  setInterval(() => {}, 1000)`

const foreground = `
  import { startChild } from ${JSON.stringify(new URL('run-child.ts', import.meta.url).href)}
  const end = await startChild(process.execPath, ['-e', ${JSON.stringify(counter)}]).ended
  process.exitCode = end.code`

let running: ChildProcess | undefined
afterEach(() => running?.kill('SIGKILL'))

describe.skipIf(process.platform === 'win32')('a child in the foreground', () => {
  test('hears a signal that came several times at once only once, and its exit code comes through', async () => {
    const { child, lines } = startForeground({})
    await lines.next()
    child.kill('SIGINT')
    child.kill('SIGTERM')
    child.kill('SIGINT')
    expect(await rest(lines)).toHaveLength(1)
    expect((await ended(child)).code).toBe(7)
  })

  test('hears a signal to the whole group of its parent once', async () => {
    const { child, lines } = startForeground({ detached: true })
    await lines.next()
    process.kill(-(child.pid ?? 0), 'SIGINT')
    expect(await rest(lines)).toEqual(['SIGINT 1'])
  })

  test('is told to stop when the npm that started us is gone', async () => {
    const shell = spawn('sh', ['-c', '"$0" --input-type=module -e "$1" & wait', process.execPath, foreground], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, npm_lifecycle_event: 'start' }
    })
    running = shell
    const lines = linesOf(shell)
    await lines.next()
    shell.kill('SIGKILL')
    expect(await rest(lines)).toEqual(['SIGTERM 1'])
  })
})

function startForeground(options: { detached?: boolean }) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', foreground], {
    ...options,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH }
  })
  running = child
  return { child, lines: linesOf(child) }
}

function linesOf(child: ChildProcess): AsyncIterator<string> {
  if (!child.stdout) throw new Error('no output to read')
  return createInterface({ input: child.stdout })[Symbol.asyncIterator]()
}

async function rest(lines: AsyncIterator<string>): Promise<string[]> {
  const all: string[] = []
  for (let next = await lines.next(); !next.done; next = await lines.next()) all.push(next.value)
  return all
}

async function ended(child: ChildProcess): Promise<{ code: number | null }> {
  if (child.exitCode === null) await once(child, 'exit')
  return { code: child.exitCode }
}
