/** As the API filters runs; `status` is one or several with commas. */
export interface RunFilter {
  status?: string
  runtime?: string
  folder?: string
  search?: string
}

/** Every cache entry of the window has its key here; live changes find them by it. */
export const keys = {
  me: ['me'] as const,
  system: ['system'] as const,
  runners: ['runners'] as const,
  run: (id: string) => ['run', id] as const,
  runLists: ['runs'] as const,
  runList: (filter: RunFilter) => ['runs', filter] as const,
  paletteRuns: ['palette'] as const,
  chains: ['chain'] as const,
  chain: (rootRunId: string) => ['chain', rootRunId] as const,
  changes: (runId: string) => ['changes', runId] as const,
  inputs: (runId: string) => ['inputs', runId] as const,
  calls: (runId: string, tool: string) => ['calls', runId, tool] as const,
  approval: (id: string) => ['approval', id] as const,
  pendingApprovals: ['approvals', 'pending'] as const,
  recentApprovals: ['approvals', 'recent'] as const
}
