import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { listRunChanges } from '#contract/runs/changed-files'
import type { PromptImage } from '#contract/runs/images'
import {
  addInput,
  type Continuation,
  cancelRun,
  changeInput,
  changeRun,
  deleteInput,
  followUpRun,
  forkRun,
  getRun,
  listInputs,
  listRuns,
  type PermissionMode,
  type Run,
  retryRun
} from '#contract/runs/runs'
import { applyRun, type Page } from '../lib/apply-change.ts'
import { call } from '../lib/call.ts'
import { useCalm } from '../lib/calm.ts'
import { keys } from '../lib/query-keys.ts'

export function useRun(id: string) {
  return useQuery({ queryKey: keys.run(id), queryFn: ({ signal }) => call(getRun, { params: { id }, signal }) })
}

const longestChain = 200

/** All runs of a chain: the first one, its follow-ups, forks and their own. */
export function useChain(rootRunId: string | undefined) {
  return useQuery({
    queryKey: keys.chain(rootRunId ?? ''),
    queryFn: ({ signal }) =>
      call(listRuns, { query: { rootRunId, limit: longestChain }, signal }) as Promise<Page<Run>>,
    enabled: rootRunId !== undefined
  })
}

/** `key` stays the same while the words do: sent twice after a lost answer, they count once. */
interface Said {
  prompt: string
  images: PromptImage[]
  key: string
}

/** What the next run does otherwise than the one before. */
export type Otherwise = Pick<Continuation, 'permissionMode' | 'model'>

/** Everything a person can do to one run. Each answers with the run as it then is. */
export function useRunActions(id: string) {
  const queries = useQueryClient()
  const onSuccess = (run: Run) => applyRun(queries, run)
  const params = { id }
  return {
    followUp: useMutation({
      mutationFn: ({ key, ...body }: Said & Otherwise) => call(followUpRun, { params, body, idempotencyKey: key }),
      onSuccess
    }),
    fork: useMutation({
      mutationFn: ({ key, ...body }: Said & Otherwise) => call(forkRun, { params, body, idempotencyKey: key }),
      onSuccess
    }),
    retry: useMutation({ mutationFn: () => call(retryRun, { params }), onSuccess }),
    cancel: useMutation({ mutationFn: (now: boolean) => call(cancelRun, { params, body: { now } }), onSuccess }),
    change: useMutation({
      mutationFn: (body: { permissionMode?: PermissionMode; model?: string; title?: string | null }) =>
        call(changeRun, { params, body }),
      onSuccess
    })
  }
}

/** In place of a count of results: the run has ended, there will be no more. */
export const endOfRun = -1

/** A busy agent edits more often than anybody looks. */
const changesPauseMs = 2000

/** Files that a run changed. `results` says how many results of tools the page saw: each may have changed some. */
export function useRunChanges(runId: string, results: number) {
  const seen = useCalm(results, changesPauseMs)
  return useQuery({
    queryKey: [...keys.changes(runId), seen],
    queryFn: ({ signal }) => call(listRunChanges, { params: { id: runId }, signal }),
    placeholderData: keepPreviousData
  })
}

export function useInputs(runId: string, live: boolean) {
  return useQuery({
    queryKey: keys.inputs(runId),
    queryFn: ({ signal }) => call(listInputs, { params: { id: runId }, signal }),
    enabled: live
  })
}

export function useInputActions(runId: string) {
  const queries = useQueryClient()
  const onSettled = () => queries.invalidateQueries({ queryKey: keys.inputs(runId) })
  return {
    add: useMutation({
      mutationFn: ({ prompt, images, key, mode }: Said & { mode: 'queue' | 'interrupt' }) =>
        call(addInput, { params: { id: runId }, body: { text: prompt, images, mode }, idempotencyKey: key }),
      onSettled
    }),
    edit: useMutation({
      mutationFn: ({ n, ...body }: { n: number; text?: string; before?: number | null }) =>
        call(changeInput, { params: { id: runId, n }, body }),
      onSettled
    }),
    remove: useMutation({
      mutationFn: (n: number) => call(deleteInput, { params: { id: runId, n } }),
      onSettled
    })
  }
}
