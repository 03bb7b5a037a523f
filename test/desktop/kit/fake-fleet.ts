import type { Assignment } from '#contract/runners/runner-protocol'
import { type Approval, listApprovals } from '#contract/runs/approvals'
import { launchRun } from '#contract/runs/runs'
import { connectRunner, type RunnerClient } from '../../kit/runner-client.ts'
import type { Desktop } from './desktop.ts'

/** Agents that do what a spec says, by the runner protocol. */
export interface FakeFleet {
  runner: RunnerClient
  /** A run that works. */
  working(): Promise<Assignment>
  /** Lets a run ask to run a command. */
  ask(assignment: Assignment, command: string): Promise<Approval>
  fail(assignment: Assignment, message: string): Promise<void>
}

export async function fakeFleet({ plane }: Pick<Desktop, 'plane'>): Promise<FakeFleet> {
  const runner = await connectRunner(plane, { capacity: 50 })
  let asked = 0
  return {
    runner,
    async working() {
      await plane.call(launchRun, { body: { prompt: 'work' } })
      const assignment = await runner.claimOne()
      await runner.send(assignment, { type: 'started' })
      return assignment
    },
    async ask(assignment, command) {
      const key = `key-${++asked}`
      await runner.send(assignment, {
        type: 'approval',
        key,
        kind: 'tool',
        tool: 'Bash',
        toolUseId: key,
        title: 'wants to run a command',
        subject: command,
        input: { command },
        reason: null
      })
      const query = { status: 'pending', runId: assignment.runId }
      const pending = (await plane.call(listApprovals, { query })).data
      const approval = pending.find(({ subject }) => subject === command)
      if (!approval) throw new Error('no approval')
      return approval
    },
    fail: (assignment, message) => runner.finish(assignment, 'FAILED', { error: { code: 'AGENT_FAILED', message } })
  }
}
