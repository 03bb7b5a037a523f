import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import { invalid } from '#contract/errors'
import { createAgent, executeAgent } from '#contract/fleet/agents'
import { judgeFolder } from '#contract/runners/folder-rule'
import { applyRun } from '../../lib/apply-change.ts'
import { call } from '../../lib/call.ts'
import { folderName } from '../../lib/format.ts'
import { toastFailure } from '../../ui/toast.tsx'
import { setDraft } from '../composer/drafts.ts'
import type { LaunchRequest } from '../launch.ts'
import { useRunners } from '../runners.ts'

/** It can be named otherwise at any time. */
function nameOf(cwd: string | undefined): string {
  return (cwd === undefined ? '' : folderName(cwd).slice(0, 100)) || 'first-agent'
}

/**
 * An agent that works where and with what was chosen, and its first run. Once it is there its page is where one goes on:
 * a run that was refused is told there, and its prompt stands in its composer.
 */
export function useFirstAgent() {
  const queries = useQueryClient()
  const runners = useRunners().data?.data ?? []
  const [, navigate] = useLocation()
  return useMutation({
    mutationFn: async ({ body, key }: LaunchRequest) => {
      const { prompt, cwd, runtime, permissionMode } = body
      // An agent is not made for a folder in which it could do nothing.
      if (cwd !== undefined && !runners.some(runner => judgeFolder(cwd, runner) === 'allowed'))
        throw invalid('cwd', `No runner may work in ${cwd}`)
      const settings = { name: nameOf(cwd), cwd: cwd ?? null, runtime, permissionMode }
      const { id } = await call(createAgent, { body: settings, idempotencyKey: key })
      try {
        return await call(executeAgent, { params: { id }, body: { prompt }, idempotencyKey: `${key} run` })
      } catch (fault) {
        setDraft(`agent ${id}`, prompt)
        toastFailure(fault)
        navigate(`/fleet/${id}`)
        throw fault
      }
    },
    onSuccess: run => applyRun(queries, run)
  })
}
