import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from '../../scripts/build.ts'
import type { Line, TakenRound } from './line.ts'
import { lines } from './lines/index.ts'
import { root } from './processes.ts'
import {
  currentLoad,
  describeCommit,
  describeMachine,
  type Report,
  record,
  table,
  type Unmeasured,
  writeReport
} from './report.ts'
import { untilAtRest } from './rest.ts'
import { judge, type Result } from './verdict.ts'

const usage = `npm run bench [-- --quick] [-- --record] [line…]

Measures the control plane against the least that could do the same, side by side in one run. Prints a table, writes
.cache/bench.json, and fails when a goal is missed. --quick takes few rounds, to try a change; its verdicts are no proof.
--record also puts the table into docs/bench.md.

Lines, or the beginning of their names up to a dash: ${lines.map(line => line.name).join(', ')}`

const quickRounds = 5

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { quick: { type: 'boolean' }, record: { type: 'boolean' }, help: { type: 'boolean' } },
    allowPositionals: true
  })
  const unknown = positionals.find(name => !lines.some(line => isMeant(line, name)))
  if (values.help || unknown !== undefined) {
    console.log(unknown === undefined ? usage : `There is no line "${unknown}".\n\n${usage}`)
    return unknown === undefined ? 0 : 2
  }
  if (!(await build(['server', 'server-start', 'upkeep', 'reader', 'search', 'passwords', 'runner', 'practice-agent'])))
    return 1

  const before = currentLoad()
  const results: (Result | Unmeasured)[] = []
  const wanted = lines.filter(line => positionals.length === 0 || positionals.some(name => isMeant(line, name)))
  for (const line of wanted) results.push(await measure(line, values.quick ? quickRounds : line.rounds))
  const report: Report = {
    date: new Date().toISOString().slice(0, 10),
    commit: describeCommit(),
    machine: describeMachine(),
    load: { before, after: currentLoad() },
    lines: results
  }
  writeReport(join(root, '.cache', 'bench.json'), report)
  if (values.record) record(join(root, 'docs', 'bench.md'), report)
  console.log(`\n${table(report)}`)
  return results.some(isBad) ? 1 : 0
}

function isMeant(line: Line, name: string): boolean {
  return line.name === name || line.name.startsWith(`${name}-`)
}

function isBad(result: Result | Unmeasured): boolean {
  return 'unmeasured' in result ? result.broken : result.verdict === 'missed'
}

async function measure(line: Line, count: number): Promise<Result | Unmeasured> {
  const { name, title } = line
  const missing = line.missing?.() ?? null
  if (missing !== null) return { name, title, unmeasured: missing, broken: false }
  console.log(`${name}: ${title}`)
  try {
    const result = judge(line, await roundsOf(line, count))
    const { floor, ours, verdict } = result
    console.log(`  floor ${show(floor.median)}, ours ${show(ours.median)} ${line.unit}: ${verdict}`)
    return result
  } catch (error) {
    // The other lines are worth having all the same.
    console.error(error)
    return { name, title, unmeasured: error instanceof Error ? error.message : String(error), broken: true }
  }
}

async function roundsOf(line: Line, count: number): Promise<TakenRound[]> {
  const measurement = await line.prepare()
  try {
    const rounds: TakenRound[] = []
    for (let index = 0; index < count; index++) {
      const busy = await untilAtRest()
      rounds.push({ ...(await measurement.round(index)), busy })
    }
    return rounds
  } finally {
    await measurement.close()
  }
}

function show(value: number): string {
  return value.toPrecision(3)
}

process.exit(await main())
