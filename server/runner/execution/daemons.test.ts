import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { RunDaemon } from '#contract/runners/runner-protocol'
import type { LeftProcess } from '../places/place.ts'
import { Daemons, type Told } from './daemons.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-daemons-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const run = (runId: string) => ({ runId, place: 'host' })
const daemon = (pid: number): RunDaemon => ({ pid, started: `t${pid}`, command: 'serve' })

function setup(answer: () => Told = () => 'told') {
  const dead = new Set<number>()
  const reports: [string, number[]][] = []
  const options = {
    folder,
    everyMs: 5,
    place: () => ({
      living: async <P extends LeftProcess>(processes: readonly P[]) => processes.filter(({ pid }) => !dead.has(pid)),
      endProcess: async ({ pid }: LeftProcess) => void dead.add(pid)
    }),
    async report(runId: string, daemons: readonly RunDaemon[]) {
      reports.push([runId, daemons.map(({ pid }) => pid)])
      return answer()
    }
  }
  return { dead, reports, options }
}

test('what lives is told once, and again when one of them went', async () => {
  const { dead, reports, options } = setup()
  new Daemons(options).keep(run('a'), [daemon(1), daemon(2)])
  await vi.waitFor(() => expect(reports).toEqual([['a', [1, 2]]]))
  dead.add(1)
  await vi.waitFor(() =>
    expect(reports).toEqual([
      ['a', [1, 2]],
      ['a', [2]]
    ])
  )
  dead.add(2)
  await vi.waitFor(() => expect(reports.at(-1)).toEqual(['a', []]))
  await vi.waitFor(() => expect(readdirSync(folder)).toEqual([]))
  expect(reports).toHaveLength(3)
})

test('one is ended by its pid and start alone', async () => {
  const { dead, reports, options } = setup()
  const daemons = new Daemons(options)
  daemons.keep(run('a'), [daemon(1), daemon(2)])
  await daemons.stop('a', 1, 'later')
  await daemons.stop('b', 1, 't1')
  await daemons.stop('a', 3, 't3')
  expect([...dead]).toEqual([])
  await daemons.stop('a', 1, 't1')
  expect([...dead]).toEqual([1])
  await vi.waitFor(() => expect(reports.at(-1)).toEqual(['a', [2]]))
})

test('is told when the control plane is back, and by the process that comes after', async () => {
  let away = true
  const { dead, reports, options } = setup(() => (away ? 'away' : 'told'))
  const first = new Daemons({ ...options, everyMs: 1_000_000 })
  first.keep(run('a'), [daemon(1)])
  await vi.waitFor(() => expect(reports.length).toBeGreaterThan(0))
  dead.add(1)
  new Daemons(options)
  await vi.waitFor(() => expect(reports.at(-1)).toEqual(['a', []]))
  expect(readdirSync(folder)).toEqual(['a.json'])
  away = false
  await vi.waitFor(() => expect(readdirSync(folder)).toEqual([]))
})

test.each(['', '{', '{"daemons":3}'])('a file that holds %j is taken away', async torn => {
  writeFileSync(join(folder, 'a.json'), torn)
  new Daemons(setup().options)
  await vi.waitFor(() => expect(readdirSync(folder)).toEqual([]))
})

test('of a run that is not known any more nothing is kept', async () => {
  const { options } = setup(() => 'unknown')
  new Daemons(options).keep(run('a'), [daemon(1)])
  await vi.waitFor(() => expect(readdirSync(folder)).toEqual([]))
})
