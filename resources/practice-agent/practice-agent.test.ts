import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { PermissionMode } from '#contract/runs/runs'
import { type FromAgent, fromAgent, type ToAgent } from '../../server/runner/runtimes/command-protocol.ts'

const main = fileURLToPath(new URL('./main.ts', import.meta.url))

let folder: string
let outside: string
let agent: ChildProcessWithoutNullStreams | undefined
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-practice-')))
  outside = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-outside-')))
  writeFileSync(join(folder, 'README.md'), '# Title\n\nold words\n')
  writeFileSync(join(outside, 'secret.txt'), 'secret')
})
afterEach(() => {
  agent?.kill('SIGKILL')
  for (const path of [folder, outside]) rmSync(path, { recursive: true, force: true })
})

type Line<T extends FromAgent['type']> = Extract<FromAgent, { type: T }>

/** Starts the agent as the runner does and reads its lines; every one must be of the protocol. */
function start() {
  const child = spawn(process.execPath, [main], { cwd: folder })
  agent = child
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const all: FromAgent[] = []
  const send = (message: ToAgent) => child.stdin.write(`${JSON.stringify(message)}\n`)
  async function until<T extends FromAgent['type']>(type: T): Promise<Line<T>> {
    for (;;) {
      const next = await lines.next()
      if (next.done) throw new Error(`ended before ${type}`)
      const line = fromAgent.parse(JSON.parse(next.value))
      all.push(line)
      if (line.type === type) return line as Line<T>
    }
  }
  function prompt(text: string, permissionMode: PermissionMode = 'default', session: string | null = null) {
    send({ type: 'prompt', text, session, fork: false, permissionMode, model: null })
  }
  const of = <T extends FromAgent['type']>(type: T) => all.filter((line): line is Line<T> => line.type === type)
  return { child, send, until, prompt, of }
}

async function turn(text: string, mode: PermissionMode = 'default', session: string | null = null) {
  const talk = start()
  talk.prompt(text, mode, session)
  const { text: said } = await talk.until('result')
  return { ...talk, said, session: talk.of('session').at(-1)?.id ?? '' }
}

function content(name: string): string | null {
  return existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : null
}

describe('the practice agent', () => {
  test('says what it is, and is no AI, to anything it does not understand', async () => {
    const { said, of } = await turn('Please build me a web shop')
    expect(said).toContain('a small program, not an AI')
    expect(said).toContain('replace "<old>" with "<new>" in <file>')
    expect(
      of('delta')
        .map(delta => delta.text)
        .join('')
    ).toBe(of('text')[0]?.text)
  })

  test('lists, reads and finds without asking', async () => {
    mkdirSync(join(folder, 'src'))
    writeFileSync(join(folder, 'src/a.ts'), 'const WORDS = 1\n')
    const { said, of } = await turn('list then read README.md then find words')
    expect(of('tool_result').map(result => result.text)).toEqual([
      'README.md\nsrc/',
      '# Title\n\nold words\n',
      'README.md:3: old words\nsrc/a.ts:1: const WORDS = 1'
    ])
    expect(said).toContain('2 entries')
  })

  test('asks before it changes a file, and shows the difference', async () => {
    const talk = start()
    talk.prompt('replace "old" with "new" in README.md')
    const asked = await talk.until('approval')
    expect(asked).toMatchObject({ tool: 'Replace', subject: 'README.md', title: 'wants to change a file' })
    expect(content('README.md')).toContain('old')
    talk.send({ type: 'answer', key: asked.key, allow: true, input: null, message: null })
    const { diff } = await talk.until('tool_result')
    expect(diff?.hunks[0]?.lines).toEqual([' # Title', ' ', '-old words', '+new words'])
    expect(content('README.md')).toBe('# Title\n\nnew words\n')
  })

  test('does what the person made of its request', async () => {
    const talk = start()
    talk.prompt('write a.txt: mine')
    const { key } = await talk.until('approval')
    const input = { path: 'b.txt', content: 'yours' }
    talk.send({ type: 'answer', key, allow: true, input, message: null })
    await talk.until('result')
    expect([content('a.txt'), content('b.txt')]).toEqual([null, 'yours'])
  })

  test('leaves it when it is refused, and says why', async () => {
    const talk = start()
    talk.prompt('run touch made.txt')
    const { key } = await talk.until('approval')
    talk.send({ type: 'answer', key, allow: false, input: null, message: 'not here' })
    expect((await talk.until('tool_result')).isError).toBe(true)
    expect((await talk.until('result')).text).toContain('not here')
    expect(content('made.txt')).toBeNull()
  })

  test.each<[PermissionMode, asks: string[], made: boolean]>([
    ['acceptEdits', ['Run'], true],
    ['bypassPermissions', [], true],
    ['plan', [], false]
  ])('in mode %s it asks for %j', async (mode, asks, made) => {
    const talk = start()
    talk.prompt('write w.txt: x then run touch r.txt', mode)
    for (const _ of asks) {
      const { key } = await talk.until('approval')
      talk.send({ type: 'answer', key, allow: true, input: null, message: null })
    }
    await talk.until('result')
    expect(talk.of('approval').map(asked => asked.tool)).toEqual(asks)
    expect([content('w.txt') !== null, content('r.txt') !== null]).toEqual([made, made])
  })

  test('a command tells its exit code', async () => {
    const { of, said } = await turn('run echo out; exit 3', 'bypassPermissions')
    expect(of('tool_result')[0]).toMatchObject({ text: 'out\n', exitCode: 3, isError: true })
    expect(said).toContain('exit code 3')
  })

  test('follows up in the same process and, by its session, in another', async () => {
    const first = await turn('read README.md', 'bypassPermissions')
    first.send({ type: 'message', text: 'replace "old" with "new" in it' })
    await first.until('result')
    expect(content('README.md')).toContain('new words')
    await turn('replace "new" with "newer" in it', 'bypassPermissions', first.session)
    expect(content('README.md')).toContain('newer words')
  })

  test.each([
    ['read ../x', () => {}],
    ['read link/secret.txt', () => symlinkSync(outside, join(folder, 'link'))],
    ['write link/new.txt: x', () => symlinkSync(outside, join(folder, 'link'))],
    ['write dangling: x', () => symlinkSync(join(outside, 'none.txt'), join(folder, 'dangling'))],
    ['list /', () => {}],
    ['find secret in link', () => symlinkSync(outside, join(folder, 'link'))]
  ])('%s does not leave the folder', async (text, prepare) => {
    prepare()
    const { said } = await turn(text, 'bypassPermissions')
    expect(said).toContain('lies outside of the folder')
    expect(existsSync(join(outside, 'new.txt'))).toBe(false)
    expect(existsSync(join(outside, 'none.txt'))).toBe(false)
  })

  test.each([
    ['read nothing.txt', 'There is no nothing.txt'],
    ['read binary', 'not a text file'],
    ['read big', 'larger than 1 MiB'],
    ['replace "absent" with "x" in README.md', 'is not in README.md'],
    ['read it', 'do not know which file']
  ])('%s is answered in words', async (text, words) => {
    writeFileSync(join(folder, 'binary'), Buffer.from([1, 0, 2]))
    writeFileSync(join(folder, 'big'), 'x'.repeat(1024 * 1024 + 1))
    expect((await turn(text)).said).toContain(words)
  })

  test('stops in the middle when it is interrupted, and takes the next message', async () => {
    const talk = start()
    talk.prompt('wait 600')
    await talk.until('tool_use')
    talk.send({ type: 'interrupt' })
    expect((await talk.until('result')).interrupted).toBe(true)
    talk.send({ type: 'message', text: 'list' })
    expect((await talk.until('result')).text).toContain('README.md')
  })

  test('withdraws its question when it is interrupted', async () => {
    const talk = start()
    talk.prompt('run ls')
    const { key } = await talk.until('approval')
    talk.send({ type: 'interrupt' })
    expect((await talk.until('withdrawn')).key).toBe(key)
    expect((await talk.until('result')).interrupted).toBe(true)
  })

  test('leaves with exit code 0 when nothing more will come', async () => {
    const { child } = await turn('list')
    const exited = new Promise(resolve => child.once('exit', resolve))
    child.stdin.end()
    expect(await exited).toBe(0)
  })
})
