import { hearsWhileWorking, type RuntimeCapabilities } from '#contract/runners/runners'
import { isEnded, type Run } from '#contract/runs/runs'

/** What can be said to a run now. `other`: the second way to send is there (fork, or interrupt). */
export type ComposerMode =
  | { name: 'followUp'; other: boolean }
  | { name: 'queue'; other: boolean }
  | { name: 'none'; why: string }

export function composerMode(run: Run, capabilities: RuntimeCapabilities | undefined): ComposerMode {
  if (!isEnded(run.status)) {
    if (run.stopping !== 'no') return { name: 'none', why: 'The run is being stopped.' }
    if (capabilities && !hearsWhileWorking(capabilities, run.permissionMode)) {
      return { name: 'none', why: 'This runtime reads nothing while it works. Follow up when it is done.' }
    }
    return { name: 'queue', other: capabilities?.interrupt ?? false }
  }
  if (run.sessionId === null) {
    return { name: 'none', why: 'This run left no session that could be continued. Run it again instead.' }
  }
  if (capabilities && !capabilities.resume) {
    return { name: 'none', why: 'This runtime cannot continue a session. Run it again instead.' }
  }
  return { name: 'followUp', other: capabilities?.fork ?? false }
}
