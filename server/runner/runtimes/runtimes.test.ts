import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runtimeDescription } from '#contract/runners/runners'
import { runtimes } from './index.ts'
import { runtimeOfProvider } from './providers.ts'
import { describe } from './runtime.ts'

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
