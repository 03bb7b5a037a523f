import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { leaseMs } from '../../../server/domain/runners/leases.ts'
import { agentsOf, runnerOf, send } from '../../kit/processes.ts'
import type { Ledger } from './ledger.ts'
import type { Plane } from './plane.ts'
import type { Random } from './random.ts'

/** What may never be exceeded, by the control plane nor by the runner. */
const mostMegabytes = 400
const mostFiles = 250

/** Time that a storm must have left for a pause in which leases expire. */
const longPauseMs = leaseMs + 5000

export interface Rage {
  plane: Plane
  ledger: Ledger
  random: Random
  /** When to stop, in ms. */
  until: number
}

type Blow = (rage: Rage) => Promise<void>

/** What happens, and how often in relation to the others. */
const blows: Record<string, { weight: number; strike: Blow }> = {
  'control plane killed': { weight: 4, strike: ({ plane, random }) => plane.replace('SIGKILL', random.int(0, 2000)) },
  'control plane stopped': { weight: 1, strike: ({ plane, random }) => plane.replace('SIGTERM', random.int(0, 1000)) },
  'control plane frozen': { weight: 2, strike: freezePlane },
  'runner killed': { weight: 1, strike: killRunner },
  'runner frozen': { weight: 2, strike: freezeRunner },
  'both killed': { weight: 1, strike: killBoth },
  'agent killed': { weight: 4, strike: killAgent },
  'agent frozen': { weight: 2, strike: freezeAgent }
}

/** Kills and freezes the three kinds of processes at random moments, until the time is over. */
export async function rage(options: Rage): Promise<void> {
  const { random, ledger, until } = options
  const names = Object.keys(blows).flatMap(name => Array<string>(blows[name]?.weight ?? 0).fill(name))
  while (Date.now() < until) {
    await sleep(random.int(100, 2500))
    await measure(options)
    const name = random.pick(names)
    ledger.kills[name] = (ledger.kills[name] ?? 0) + 1
    await blows[name]?.strike(options)
  }
}

async function killRunner({ plane, ledger }: Rage): Promise<void> {
  const pid = await runnerOf(plane.dataDir)
  if (pid === null || !send(pid, 'SIGKILL')) return
  ledger.runnersAway.push({ from: Date.now(), to: Date.now() })
}

async function killBoth(options: Rage): Promise<void> {
  const { plane, random } = options
  if (random.chance(0.5)) await killRunner(options)
  const replaced = plane.replace('SIGKILL', random.int(0, 1500))
  await sleep(random.int(0, 300))
  await killRunner(options)
  await replaced
}

async function freezePlane({ plane, random }: Rage): Promise<void> {
  const { process: child } = await plane.up()
  if (child.pid !== undefined) await freeze(child.pid, random.chance(0.1) ? 12_000 : random.int(100, 2500))
}

async function freezeRunner({ plane, random, ledger, until }: Rage): Promise<void> {
  const pid = await runnerOf(plane.dataDir)
  if (pid === null) return
  const long = until - Date.now() > 2 * longPauseMs && random.chance(0.2)
  const from = Date.now()
  await freeze(pid, long ? longPauseMs : random.int(100, 3000))
  if (long) ledger.runnersAway.push({ from, to: Date.now() })
}

async function killAgent(options: Rage): Promise<void> {
  const agent = await someAgent(options)
  if (agent !== null && send(agent.pid, 'SIGKILL')) options.ledger.killedAgents.add(agent.runId)
}

async function freezeAgent(options: Rage): Promise<void> {
  const agent = await someAgent(options)
  if (agent !== null) await freeze(agent.pid, options.random.int(100, 2000))
}

async function someAgent({ ledger, random }: Rage): Promise<{ runId: string; pid: number } | null> {
  const running = [...ledger.shown].filter(([, status]) => status === 'RUNNING' || status === 'WAITING')
  if (running.length === 0) return null
  const [runId] = random.pick(running)
  const [pid] = await agentsOf(runId)
  return pid === undefined ? null : { runId, pid }
}

async function freeze(pid: number, ms: number): Promise<void> {
  if (!send(pid, 'SIGSTOP')) return
  await sleep(ms)
  send(pid, 'SIGCONT')
}

async function measure({ plane, ledger }: Rage): Promise<void> {
  const { process: child } = await plane.up()
  for (const [name, pid] of [
    ['control plane', child.pid ?? null],
    ['runner', await runnerOf(plane.dataDir)]
  ] as const) {
    const size = pid === null ? null : sizeOf(pid)
    if (size === null) continue
    if (size.megabytes > mostMegabytes) ledger.contradictions.push(`the ${name} takes ${size.megabytes} MB`)
    if (size.files > mostFiles) ledger.contradictions.push(`the ${name} holds ${size.files} files open`)
    ledger.largest[name] = Math.max(ledger.largest[name] ?? 0, size.megabytes)
  }
}

/** Null where it cannot be known. */
function sizeOf(pid: number): { megabytes: number; files: number } | null {
  try {
    const rss = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return { megabytes: Math.round(Number(rss ?? 0) / 1024), files: readdirSync(`/proc/${pid}/fd`).length }
  } catch {
    return null
  }
}
