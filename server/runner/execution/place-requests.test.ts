import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hostFiles } from '../places/host/files.ts'
import { hostProcesses } from '../places/host/host-processes.ts'
import { listProcesses, processesWithEnv } from '../places/host/processes.ts'
import { stopAgent } from '../places/stop-ladder.ts'
import type { PlaceReply, PlaceRequest } from '../runtimes/requests.ts'
import { PlaceRequests } from './place-requests.ts'

const owner = 'place-requests-test'
let root: string
let folder: string
let requests: PlaceRequests

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-requests-')))
  folder = join(root, 'work')
  mkdirSync(folder)
  const place = { ...hostProcesses(owner), files: hostFiles, stop: stopAgent }
  requests = new PlaceRequests({ place, folder, env: { PATH: '/usr/bin:/bin' }, runId: 'run' })
})
afterEach(async () => {
  await requests.end()
  rmSync(root, { recursive: true, force: true })
})

const ask = (request: PlaceRequest): Promise<PlaceReply> => requests.answer(request)
const shell = (script: string): PlaceRequest => ({
  kind: 'openTerminal',
  file: 'sh',
  args: ['-c', script],
  env: {},
  cwd: null
})

async function opened(script: string): Promise<string> {
  const reply = await ask(shell(script))
  if (reply.kind !== 'opened') throw new Error(JSON.stringify(reply))
  return reply.terminal
}

describe('files', () => {
  test('are written with the folders above them, and read whole or in part', async () => {
    expect(await ask({ kind: 'writeFile', path: 'a/b/c.txt', text: 'one\ntwo\nthree' })).toEqual({ kind: 'done' })
    expect(readFileSync(join(folder, 'a/b/c.txt'), 'utf8')).toBe('one\ntwo\nthree')
    const path = join(folder, 'a/b/c.txt')
    expect(await ask({ kind: 'readFile', path })).toEqual({ kind: 'text', text: 'one\ntwo\nthree' })
    expect(await ask({ kind: 'readFile', path, line: 2, limit: 1 })).toEqual({ kind: 'text', text: 'two' })
    expect(await ask({ kind: 'readFile', path, line: 9 })).toEqual({ kind: 'text', text: '' })
  })

  test.each(['../out.txt', '/etc/hostname', 'link/out.txt', 'link/new/out.txt', 'a/../../out.txt'])(
    '%s lies outside, and is neither read nor written',
    async path => {
      mkdirSync(join(root, 'elsewhere'))
      writeFileSync(join(root, 'elsewhere/out.txt'), 'secret')
      writeFileSync(join(root, 'out.txt'), 'secret')
      symlinkSync(join(root, 'elsewhere'), join(folder, 'link'))
      const outside = { kind: 'refused', message: expect.stringContaining('outside') }
      expect(await ask({ kind: 'readFile', path })).toEqual(outside)
      expect(await ask({ kind: 'writeFile', path, text: 'x' })).toEqual(outside)
      expect(readFileSync(join(root, 'out.txt'), 'utf8')).toBe('secret')
    }
  )

  test.each([
    ['that is not there', 'none.txt', 'no file'],
    ['that is a folder', '.', 'not a file']
  ])('one %s is refused in words', async (_, path, words) => {
    expect(await ask({ kind: 'readFile', path })).toEqual({ kind: 'refused', message: expect.stringContaining(words) })
  })
})

describe('terminals', () => {
  test('run in the folder, and tell what they printed and how they ended', async () => {
    const terminal = await opened('pwd; echo bad >&2; exit 3')
    const printed = await ask({ kind: 'awaitTerminal', terminal })
    expect(printed).toMatchObject({ kind: 'printed', cut: false, ended: { code: 3, signal: null } })
    expect(printed.kind === 'printed' && printed.text.split('\n').sort()).toEqual(['', folder, 'bad'])
  })

  test('keep the end of what is too much', async () => {
    const terminal = await opened('head -c 5000000 /dev/zero | tr "\\0" x; echo; echo the end')
    await ask({ kind: 'awaitTerminal', terminal })
    await expect
      .poll(async () => {
        const printed = await ask({ kind: 'readTerminal', terminal })
        return printed.kind === 'printed' && printed.cut && printed.text.endsWith('x\nthe end\n') && printed.text.length
      })
      .toBe(1024 * 1024)
  })

  test('can be ended and read afterwards; closed they are gone', async () => {
    const terminal = await opened('echo here; sleep 300')
    await expect.poll(() => ask({ kind: 'readTerminal', terminal })).toMatchObject({ text: 'here\n', ended: null })
    expect(await ask({ kind: 'endTerminal', terminal })).toEqual({ kind: 'done' })
    expect(await ask({ kind: 'readTerminal', terminal })).toMatchObject({ text: 'here\n', ended: { code: null } })
    await ask({ kind: 'closeTerminal', terminal })
    expect(await ask({ kind: 'readTerminal', terminal })).toMatchObject({ kind: 'refused' })
  })

  test('are so many and no more', async () => {
    const replies = await Promise.all(Array.from({ length: 9 }, () => ask(shell('sleep 300'))))
    expect(replies.filter(({ kind }) => kind === 'opened')).toHaveLength(8)
    expect(replies).toContainEqual({ kind: 'refused', message: expect.stringContaining('close one first') })
  })

  test('end with the run, with what they started, and none is opened afterwards', async () => {
    await opened('setsid sleep 300 & sleep 300')
    await requests.end()
    expect(processesWithEnv(await listProcesses(), [`FLOTILLA_RUNNER=${owner}`])).toEqual([])
    expect(await ask(shell('true'))).toEqual({ kind: 'refused', message: 'The run is over' })
  })

  test('of a program that is not there are refused', async () => {
    const reply = await ask({ kind: 'openTerminal', file: 'no-such-program', args: [], env: {}, cwd: null })
    expect(reply).toEqual({ kind: 'refused', message: expect.stringContaining('no-such-program') })
  })
})
