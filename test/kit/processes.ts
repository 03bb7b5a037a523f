import { findInstance } from '../../server/runner/life/single-instance.ts'
import { listProcesses, processesWithEnv } from '../../server/runner/places/host/processes.ts'

/** Process of the runner that lives on a data folder, or null. */
export async function runnerOf(dataDir: string): Promise<number | null> {
  return (await findInstance(dataDir))?.pid ?? null
}

/** Processes of the agent of a run, and all that they started. */
export async function agentsOf(runId: string): Promise<number[]> {
  return processesWithEnv(await listProcesses(), [`FLOTILLA_RUN_ID=${runId}`]).map(({ pid }) => pid)
}

/** Sends a signal; false when there is no such process any more. */
export function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}
