import type { PermissionMode } from '#contract/runs/runs'

/** What Codex knows instead of permission modes: when it asks, and what its sandbox lets a command do. */
interface Policy {
  approvalPolicy: 'on-request' | 'never'
  sandbox: 'read-only' | 'workspace-write' | 'danger-full-access'
}

export const policyOf: Readonly<Record<PermissionMode, Policy>> = {
  default: { approvalPolicy: 'on-request', sandbox: 'read-only' },
  acceptEdits: { approvalPolicy: 'on-request', sandbox: 'workspace-write' },
  plan: { approvalPolicy: 'never', sandbox: 'read-only' },
  bypassPermissions: { approvalPolicy: 'never', sandbox: 'danger-full-access' }
}

/** Where these differ from what the names of the modes say. */
export const modeNotes: Readonly<Partial<Record<PermissionMode, string>>> = {
  default:
    'Runs commands in a sandbox that can read but neither write nor reach the network. Asks you before it edits a file, and before a command leaves the sandbox.',
  acceptEdits:
    'Edits files and runs commands in a sandbox that can write in the folder but not reach the network. Asks you before a command leaves it.',
  plan: 'Reads and thinks in a sandbox that cannot write, and asks for nothing. It has no plan to approve: follow it up in another mode.'
}
