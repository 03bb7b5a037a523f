import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runtimeDescription } from '#contract/runners/runners'
import { toolResultData, toolUseData } from '#contract/runs/events'
import { runtimes } from './index.ts'
import { runtimeOfProvider } from './providers.ts'
import { describe, type EventSignal } from './runtime.ts'

const root = join(import.meta.dirname, '../../..')

test('what each runtime says of itself fits the contract, under an id of its own', () => {
  for (const runtime of runtimes) expect(runtimeDescription.parse(describe(runtime))).toEqual(describe(runtime))
  expect(new Set(runtimes.map(({ id }) => id)).size).toBe(runtimes.length)
})

test('nothing else in the product knows one runtime by its id', () => {
  const ids = new Set([...runtimes.map(({ id }) => id), ...Object.values(runtimeOfProvider)])
  // Two are also the word for a tool and for a kind: those may stand there, but no id may be compared with them.
  for (const word of ['command', 'practice']) ids.delete(word)
  const named = new RegExp(
    `['"\`](${[...ids].join('|')})['"\`]|\\b(runtime|(runtime|report|chosen|row)\\??\\.id)\\s*[!=]==\\s*'[a-z]`
  )
  const files = ['server', 'renderer', 'main', 'preload'].flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(name => join(folder, name))
  )
  const code = files.filter(name => /\.tsx?$/.test(name) && !/\.test\.tsx?$|runtimes[\\/]|migrations[\\/]/.test(name))
  expect(code.length).toBeGreaterThan(300)
  expect(code.filter(name => named.test(readFileSync(join(root, name), 'utf8')))).toEqual([])
})

test('an event with a field that its kind does not have is none, for the compiler and for the contract', () => {
  const toolUseId = 't'
  const rest = { tool: 'Bash', toolKind: 'command', argument: null, input: null } as const
  const right: EventSignal = { type: 'event', kind: 'tool_use', message: '', data: { toolUseId, ...rest } }
  const wrong = { toolUseID: toolUseId, ...rest }
  // @ts-expect-error misspelt
  const misspelt: EventSignal = { type: 'event', kind: 'tool_use', message: '', data: wrong }
  // @ts-expect-error of another kind
  const strange: EventSignal = { type: 'event', kind: 'tool_result', message: '', data: { toolUseId, ...rest } }
  expect(toolUseData.safeParse(right.data).success).toBe(true)
  expect(toolUseData.safeParse(misspelt.data).success).toBe(false)
  expect(toolResultData.safeParse(strange.data).success).toBe(false)
})
