import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { arch, cpus, loadavg, platform, totalmem } from 'node:os'
import { dirname } from 'node:path'
import { root } from './processes.ts'
import type { Estimate } from './statistics.ts'
import type { Result } from './verdict.ts'

/** A line that was not measured, and why: the machine lacks something, or it broke. */
export interface Unmeasured {
  name: string
  title: string
  unmeasured: string
  broken: boolean
}

export interface Report {
  date: string
  commit: string
  machine: string
  /** Load of the last minute before and after. */
  load: { before: number; after: number }
  lines: (Result | Unmeasured)[]
}

export function describeMachine(): string {
  const [cpu] = cpus()
  const memory = Math.round(totalmem() / 1024 ** 3)
  return `${cpus().length} × ${cpu?.model.trim() ?? 'unknown CPU'}, ${memory} GiB, ${platform()} ${arch()}, Node ${process.versions.node}`
}

export function describeCommit(): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
  const changed = git('status', '--porcelain', '--untracked-files=no', 'server', 'test/bench') !== ''
  return git('rev-parse', '--short', 'HEAD') + (changed ? ' with changes' : '')
}

export function currentLoad(): number {
  return Number(loadavg()[0]?.toFixed(2))
}

export function writeReport(file: string, report: Report): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`)
}

const recorded = /(<!-- table -->\n)[\s\S]*(\n<!-- end of table -->)/

/** Puts the table into the document in place of the former one. */
export function record(file: string, report: Report): void {
  const text = readFileSync(file, 'utf8')
  if (!recorded.test(text)) throw new Error(`${file} has no place for the table`)
  writeFileSync(
    file,
    text.replace(recorded, (_, head: string, end: string) => head + table(report) + end)
  )
}

/** The table as Markdown. */
export function table({ date, commit, machine, load, lines }: Report): string {
  const head = ['line', 'floor', 'ours', 'ratio', 'goal', 'verdict']
  const rows = lines.map(line => ('unmeasured' in line ? unmeasuredRow(line) : row(line)))
  return [
    `${date}, commit ${commit}. ${machine}. Load ${load.before} before, ${load.after} after.`,
    'Medians, with the interval that holds them with at least 90 % certainty in brackets.',
    '',
    tableRow(head),
    tableRow(head.map(() => '---')),
    ...rows
  ].join('\n')
}

function row({ title, against, unit, floor, ours, ratio, goal, verdict, why, rounds }: Result): string {
  const bound = goal.bound === 'at most' ? '≤' : '≥'
  const limit = goal.of === 'ratio' ? `${bound} ${goal.limit} ×` : `${bound} ${goal.limit} ${unit}`
  return tableRow([
    `${title} (${rounds} rounds)`,
    `${figure(floor.median)} ${unit}: ${against}`,
    `${interval(ours)} ${unit}`,
    goal.of === 'ratio' ? interval(ratio) : '–',
    limit,
    why === null ? verdict : `${verdict}: ${why}`
  ])
}

function unmeasuredRow({ title, unmeasured, broken }: Unmeasured): string {
  return tableRow([title, '–', '–', '–', '–', `${broken ? 'broken' : 'not measured'}: ${unmeasured}`])
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

function interval({ median, low, high }: Estimate): string {
  return `${figure(median)} [${figure(low)}, ${figure(high)}]`
}

/** Three digits that count. */
function figure(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)))
}
