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
  type Skipped,
  table,
  writeReport
} from './report.ts'
import { untilAtRest } from './rest.ts'
import { judge, type Result } from './verdict.ts'

const usage = `npm run bench [-- --quick] [line…]

Measures the control plane against the least that could do the same, side by side in one run. Prints a table, writes
.cache/bench.json, and fails when a goal is missed. --quick takes few rounds, to try a change; its verdicts are no proof.

Lines, or the beginning of their names up to a dash: ${lines.map(line => line.name).join(', ')}`

const quickRounds = 5

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { quick: { type: 'boolean' }, help: { type: 'boolean' } },
    allowPositionals: true
  })
  const unknown = positionals.find(name => !lines.some(line => isMeant(line, name)))
  if (values.help || unknown !== undefined) {
    console.log(unknown === undefined ? usage : `There is no line "${unknown}".\n\n${usage}`)
    return unknown === undefined ? 0 : 2
  }
  if (!(await build(['server', 'server-start', 'upkeep', 'runner', 'practice-agent']))) return 1

  const before = currentLoad()
  const results: (Result | Skipped)[] = []
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
  console.log(`\n${table(report)}`)
  return results.some(result => 'verdict' in result && result.verdict === 'missed') ? 1 : 0
}

function isMeant(line: Line, name: string): boolean {
  return line.name === name || line.name.startsWith(`${name}-`)
}

async function measure(line: Line, count: number): Promise<Result | Skipped> {
  const { name, title } = line
  const skipped = line.missing?.() ?? null
  if (skipped !== null) return { name, title, skipped }
  console.log(`${name}: ${title}`)
  const measurement = await line.prepare()
  try {
    const rounds: TakenRound[] = []
    for (let index = 0; index < count; index++) {
      const busy = await untilAtRest()
      rounds.push({ ...(await measurement.round(index)), busy })
    }
    const result = judge(line, rounds)
    console.log(
      `  floor ${show(result.floor.median)}, ours ${show(result.ours.median)} ${line.unit}: ${result.verdict}`
    )
    return result
  } finally {
    await measurement.close()
  }
}

function show(value: number): string {
  return value.toPrecision(3)
}

process.exit(await main())
