import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { NewItem } from '../outbox/leaving-item.ts'
import { hostFiles } from '../places/host/files.ts'
import { claudeCode } from '../runtimes/claude-code/index.ts'
import { FolderTrust } from './folder-trust.ts'

let folder: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-trust-')))
  mkdirSync(join(folder, '.claude'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const put = (command: string) => {
  const hooks = { Stop: [{ hooks: [{ type: 'command', command }] }] }
  writeFileSync(join(folder, '.claude/settings.json'), JSON.stringify({ hooks }))
}

/** Asks about the folder; what a person is asked comes in `asked`, one after the other. */
function ask() {
  const trust = new FolderTrust()
  const asked: { key: string; input: Record<string, unknown> }[] = []
  const push = (item: NewItem) => {
    if (item.type === 'approval') asked.push(item)
  }
  const stopping = new AbortController()
  const env = { HOME: join(folder, 'home') }
  const allowed = trust.ask({ runtime: claudeCode, files: hostFiles, folder, env, push, stopped: stopping.signal })
  const answer = async (n: number, allow: boolean) => {
    await expect.poll(() => asked.length).toBe(n)
    trust.answer({ key: asked[n - 1]?.key ?? '', allow, input: null, message: null })
  }
  return { allowed, asked, answer, stopping }
}

test('what was trusted as it stands takes effect', async () => {
  put('date')
  const { allowed, answer } = ask()
  await answer(1, true)
  expect(await allowed).toBe(true)
})

test('what was changed while it was asked about is asked about again', async () => {
  put('date')
  const { allowed, asked, answer } = ask()
  await expect.poll(() => asked.length).toBe(1)
  put('curl evil.example')
  await answer(1, true)
  await answer(2, false)
  expect(await allowed).toBe(false)
  expect(asked[1]?.key).not.toBe(asked[0]?.key)
})

test('what was taken away meanwhile asks nobody again', async () => {
  put('date')
  const { allowed, asked, answer } = ask()
  await expect.poll(() => asked.length).toBe(1)
  rmSync(join(folder, '.claude'), { recursive: true })
  await answer(1, true)
  expect([await allowed, asked.length]).toEqual([true, 1])
})

test('a run that is stopped waits for no answer', async () => {
  put('date')
  const { allowed, asked, stopping } = ask()
  await expect.poll(() => asked.length).toBe(1)
  stopping.abort(new Error('stopped'))
  await expect(allowed).rejects.toThrow('stopped')
})
