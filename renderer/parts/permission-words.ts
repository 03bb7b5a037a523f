import type { RuntimeCapabilities } from '#contract/runners/runners'
import type { PermissionMode } from '#contract/runs/runs'

/** What each mode will do, in the order from careful to careless. */
export const permissionWords: Record<PermissionMode, { title: string; note: string }> = {
  plan: { title: 'Plan only', note: 'Reads and thinks, then shows a plan. Changes nothing until you approve it.' },
  default: { title: 'Ask', note: 'Reads freely. Asks you before it edits a file or runs a command.' },
  acceptEdits: { title: 'Accept edits', note: 'Edits files without asking. Asks before it runs a command.' },
  bypassPermissions: {
    title: 'Ask nothing',
    note: 'Edits and runs anything with your rights. For folders you can lose.'
  }
}

export const permissionOrder: readonly PermissionMode[] = ['default', 'acceptEdits', 'plan', 'bypassPermissions']

/** What a mode does with a runtime: some have a sandbox where others ask. */
export function permissionNote(mode: PermissionMode, capabilities: RuntimeCapabilities | undefined): string {
  return capabilities?.permissionNotes?.[mode] ?? permissionWords[mode].note
}
