import { powerSaveBlocker } from 'electron'
import type { Fleet } from './fleet.ts'

let blocker: number | null = null

/** Keeps the computer from falling asleep while agents work; one that only waits for a person does not count. */
export function stayAwake(fleet: Fleet | null): void {
  const working = (fleet?.runs.RUNNING ?? 0) > 0
  if (working) blocker ??= powerSaveBlocker.start('prevent-app-suspension')
  else if (blocker !== null) {
    powerSaveBlocker.stop(blocker)
    blocker = null
  }
}
