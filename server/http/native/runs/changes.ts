import { listRunChanges, listRunHunks } from '#contract/runs/changed-files'
import {
  addComment,
  changeComment,
  deleteComment,
  getReview,
  judgeHunks,
  markViewed,
  sendReview
} from '#contract/runs/review'
import { listKeptFiles, restoreKeptFiles, undoRun } from '#contract/runs/undo'
import { changesOf, hunksOf } from '../../../domain/runs/checkpoints.ts'
import * as review from '../../../domain/runs/review.ts'
import { listKept, restore, undo } from '../../../domain/runs/undo.ts'
import { type Route, read, wait, write } from '../../for-faces.ts'

export function changeRoutes(): Route[] {
  return [
    wait(listRunChanges, ({ domain, params, actor }) => changesOf(domain, params.id, actor)),
    wait(listRunHunks, ({ domain, params, query, actor }) => hunksOf(domain, params.id, query, actor)),
    wait(undoRun, ({ domain, params, body, actor }) => undo(domain, params.id, body, actor)),
    read(listKeptFiles, ({ domain, params }) => ({ data: listKept(domain, params.id) })),
    wait(restoreKeptFiles, ({ domain, params, body, actor }) => restore(domain, params.id, params.keptId, body, actor)),
    read(getReview, ({ domain, params }) => review.getReview(domain, params.id)),
    write(markViewed, ({ domain, params, body }) => review.markViewed(domain, params.id, body)),
    wait(judgeHunks, ({ domain, params, body, actor }) => review.judge(domain, params.id, body, actor)),
    write(addComment, ({ domain, params, body }) => review.addCommentTo(domain, params.id, body)),
    write(changeComment, ({ domain, params, body }) =>
      review.changeCommentOf(domain, params.id, params.commentId, body.text)
    ),
    write(deleteComment, ({ domain, params }) => {
      review.removeCommentOf(domain, params.id, params.commentId)
      return { success: true as const }
    }),
    write(sendReview, ({ domain, params, body }) => review.sendComments(domain, params.id, body.comments))
  ]
}
