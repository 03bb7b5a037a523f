import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type Import, importAgents } from '#contract/fleet/agent-files'
import type { Agent } from '#contract/fleet/agents'
import { call } from '../../../lib/call.ts'
import { keys } from '../../../lib/query-keys.ts'
import { readAgentFile } from './agent-file.ts'

const none: Import['entries'] = []

/** A file on its way to agents. What is changed here is looked at by the server again. */
export function useImport() {
  const queries = useQueryClient()
  const [fileName, setFileName] = useState<string | null>(null)
  const [fault, setFault] = useState<string | null>(null)
  const [agents, setAgents] = useState<unknown[]>([])
  const [left, setLeft] = useState<ReadonlySet<number>>(new Set())
  const look = useMutation({
    mutationFn: (list: unknown[]) => call(importAgents, { body: { agents: list, dryRun: true } })
  })
  const making = useMutation({
    mutationFn: (list: unknown[]) => call(importAgents, { body: { agents: list } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.agentLists })
  })
  const entries = agents.length > 0 ? (look.data?.entries ?? none) : none
  const chosen = entries.flatMap((entry, i) => (entry.faults.length === 0 && !left.has(i) ? [i] : []))
  return {
    fileName,
    fault,
    agents,
    entries,
    chosen,
    failed: making.error ?? look.error,
    busy: look.isPending || making.isPending,
    async choose(file: File): Promise<void> {
      setFileName(file.name)
      setLeft(new Set())
      setAgents([])
      making.reset()
      look.reset()
      const read = await readAgentFile(file)
      setFault('fault' in read ? read.fault : null)
      if ('fault' in read) return
      setAgents(read.agents)
      look.mutate(read.agents)
    },
    toggle(i: number): void {
      const now = new Set(left)
      if (!now.delete(i)) now.add(i)
      setLeft(now)
    },
    change(i: number, wish: { name?: string; runtime?: null }): void {
      const now = agents.with(i, { ...(agents[i] as object), ...wish })
      setAgents(now)
      making.reset()
      look.mutate(now)
    },
    make: (): Promise<Agent[]> => making.mutateAsync(chosen.map(i => agents[i])).then(({ made }) => made)
  }
}

export type ImportWork = ReturnType<typeof useImport>
