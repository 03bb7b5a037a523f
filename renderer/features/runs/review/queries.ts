import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type ChangedFile, listRunHunks } from '#contract/runs/changed-files'
import {
  addComment,
  changeComment,
  deleteComment,
  getReview,
  judgeHunks,
  markViewed,
  type Review,
  type ReviewComment,
  sendReview
} from '#contract/runs/review'
import { applyRun } from '../../../lib/apply-change.ts'
import { call } from '../../../lib/call.ts'
import { keys } from '../../../lib/query-keys.ts'
import { toastFailure } from '../../../ui/toast.tsx'

export function useReview(runId: string) {
  return useQuery({
    queryKey: keys.review(runId),
    queryFn: ({ signal }) => call(getReview, { params: { id: runId }, signal })
  })
}

/** The hunks of one file, once it is near enough to be looked at. */
export function useHunks(runId: string, file: ChangedFile, near: boolean) {
  const { path, added, removed, bytes, lastSeq } = file
  return useQuery({
    queryKey: [...keys.changes(runId), 'hunks', path, `${added} ${removed} ${bytes} ${lastSeq}`],
    queryFn: ({ signal }) => call(listRunHunks, { params: { id: runId }, query: { path }, signal }),
    enabled: near && file.known === 'checkpoint'
  })
}

export type Judged = { path: string; hunks: number[] | null }[]

/** Everything that is done in a review. */
export function useReviewActions(runId: string) {
  const queries = useQueryClient()
  const params = { id: runId }
  const key = keys.review(runId)
  const set = (review: Review) => queries.setQueryData<Review>(key, review)
  const again = () => queries.invalidateQueries({ queryKey: key })
  return {
    view: useMutation({
      mutationFn: (body: { path: string; viewed: boolean }) => call(markViewed, { params, body }),
      onSuccess: set,
      onError: toastFailure
    }),
    judge: useMutation({
      mutationFn: ({ files, verdict }: { files: Judged; verdict: 'kept' | 'discarded' | null }) =>
        call(judgeHunks, { params, body: { files, verdict, conflicts: 'refuse' } }),
      onSuccess: review => {
        set(review)
        void queries.invalidateQueries({ queryKey: keys.kept(runId) })
      },
      onError: toastFailure
    }),
    comment: useMutation({
      mutationFn: (body: Pick<ReviewComment, 'path' | 'side' | 'line' | 'quote' | 'text'>) =>
        call(addComment, { params, body }),
      onSuccess: again
    }),
    edit: useMutation({
      mutationFn: ({ id, text }: { id: string; text: string }) =>
        call(changeComment, { params: { ...params, commentId: id }, body: { text } }),
      onSuccess: again
    }),
    remove: useMutation({
      mutationFn: (id: string) => call(deleteComment, { params: { ...params, commentId: id } }),
      onSuccess: again,
      onError: toastFailure
    }),
    send: useMutation({
      mutationFn: (comments: string[] | null) => call(sendReview, { params, body: { comments } }),
      onSuccess: run => {
        applyRun(queries, run)
        void again()
      },
      onError: toastFailure
    })
  }
}

export type ReviewActions = ReturnType<typeof useReviewActions>
