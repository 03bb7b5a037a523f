import { cpus } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

/** Other work that takes more of the machine than this share is in the way. */
export const busyAbove = 0.25
const lookMs = 100
const longestWaitMs = 3000

/** Waits for the machine to be at rest, for a while. Resolves to the share of it that other work takes now. */
export async function untilAtRest(): Promise<number> {
  const giveUpAt = performance.now() + longestWaitMs
  for (;;) {
    const share = await busyShare()
    if (share <= busyAbove || performance.now() > giveUpAt) return share
  }
}

/** While nothing of ours computes: what all processors did within a moment. */
async function busyShare(): Promise<number> {
  const before = times()
  await sleep(lookMs)
  const after = times()
  return 1 - (after.idle - before.idle) / (after.all - before.all)
}

function times(): { idle: number; all: number } {
  const each = cpus().map(cpu => cpu.times)
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
  return { idle: sum(each.map(({ idle }) => idle)), all: sum(each.flatMap(time => Object.values(time))) }
}
