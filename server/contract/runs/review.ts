import { z } from 'zod'
import { endpoint, idParams, timestamp } from '../endpoint.ts'
import type { ErrorCode } from '../errors.ts'
import { conflictWishes, maxPutBack } from './put-back.ts'
import { run } from './runs.ts'

/** Comments of one run that were not sent. */
export const maxComments = 200

/** `kept`: looked at and right. `discarded`: put back as it was before the run. */
export const verdicts = ['kept', 'discarded'] as const

const path = z.string().min(1).max(8192).describe('As the list of changes names it')

export const reviewMark = z
  .object({
    path: z.string(),
    hunk: z.int().nullable().describe('Its number from 0; null: all of the file'),
    verdict: z.enum(verdicts),
    by: z.string(),
    at: timestamp
  })
  .meta({ id: 'ReviewMark' })
export type ReviewMark = z.infer<typeof reviewMark>

export const reviewComment = z
  .object({
    id: z.uuid(),
    path: z.string(),
    side: z.enum(['old', 'new']).describe('Whether the line is counted before the run or after it'),
    line: z.int().min(1),
    quote: z.string().describe('The line itself'),
    text: z.string(),
    by: z.string(),
    at: timestamp,
    sentTo: z.uuid().nullable().describe('The follow-up that it went to; null: not sent')
  })
  .meta({ id: 'ReviewComment' })
export type ReviewComment = z.infer<typeof reviewComment>

export const review = z
  .object({
    marks: z.array(reviewMark),
    viewed: z.array(z.string()).describe('Paths that were looked at, as the files are now'),
    comments: z.array(reviewComment)
  })
  .meta({ id: 'Review' })
export type Review = z.infer<typeof review>

export const getReview = endpoint({
  id: 'getRunReview',
  method: 'GET',
  path: '/api/v1/runs/:id/review',
  tag: 'runs',
  summary: 'How far the review of a run is: what is kept, discarded and viewed, and what is said of its lines',
  scope: 'read',
  params: idParams,
  output: review,
  errors: ['NOT_FOUND']
})

export const markViewed = endpoint({
  id: 'markRunFileViewed',
  method: 'PUT',
  path: '/api/v1/runs/:id/review/viewed',
  tag: 'runs',
  summary: 'Mark a file as looked at, or not. A later change of it takes the mark away.',
  scope: 'write',
  params: idParams,
  body: z.object({ path, viewed: z.boolean() }),
  output: review,
  errors: ['NOT_FOUND']
})

export const judgeHunks = endpoint({
  id: 'judgeRunHunks',
  method: 'PUT',
  path: '/api/v1/runs/:id/review/verdict',
  tag: 'runs',
  summary:
    'Keep or discard files or some of their hunks, or take that back. What is discarded is put back as it was before the run; what that overwrites is kept, see `listRunKeptFiles`.',
  scope: 'write',
  params: idParams,
  body: z.object({
    files: z
      .array(
        z.object({
          path,
          hunks: z
            .array(z.int().min(0).max(1_000_000))
            .min(1)
            .max(10_000)
            .nullable()
            .describe('Numbers from 0; null: all of the file')
        })
      )
      .min(1)
      .max(maxPutBack),
    verdict: z.enum(verdicts).nullable().describe('null: it is open again'),
    conflicts: z.enum(conflictWishes).default('refuse').describe('As for `undoRun`')
  }),
  output: review,
  errors: [
    'NOT_FOUND',
    'RUN_NOT_ENDED',
    'NO_CHECKPOINTS',
    'CHECKPOINT_GONE',
    'CHANGED_LATER',
    'RUNNER_OFFLINE',
    'RUNNER_SILENT',
    'UNKNOWN_RUNNER'
  ]
})

export const addComment = endpoint({
  id: 'addReviewComment',
  method: 'POST',
  path: '/api/v1/runs/:id/review/comments',
  tag: 'runs',
  summary: 'Say something of a line. It goes to the agent when the review is sent.',
  scope: 'write',
  params: idParams,
  body: reviewComment.pick({ side: true, line: true }).extend({
    path,
    quote: z.string().max(2000).default(''),
    text: z.string().trim().min(1, 'say what is to be said').max(20_000)
  }),
  output: reviewComment,
  status: 201,
  errors: ['NOT_FOUND', 'LIMIT_REACHED']
})

const commentParams = idParams.extend({ commentId: z.uuid() })

export const changeComment = endpoint({
  id: 'changeReviewComment',
  method: 'PATCH',
  path: '/api/v1/runs/:id/review/comments/:commentId',
  tag: 'runs',
  summary: 'Say it otherwise, as long as it was not sent',
  scope: 'write',
  params: commentParams,
  body: z.object({ text: z.string().trim().min(1, 'say what is to be said').max(20_000) }),
  output: reviewComment,
  errors: ['NOT_FOUND', 'INPUT_DELIVERED']
})

export const deleteComment = endpoint({
  id: 'deleteReviewComment',
  method: 'DELETE',
  path: '/api/v1/runs/:id/review/comments/:commentId',
  tag: 'runs',
  summary: 'Take back what was said, as long as it was not sent',
  scope: 'write',
  params: commentParams,
  output: z.object({ success: z.literal(true) }),
  errors: ['NOT_FOUND', 'INPUT_DELIVERED']
})

export const sendReview = endpoint({
  id: 'sendRunReview',
  method: 'POST',
  path: '/api/v1/runs/:id/review/send',
  tag: 'runs',
  summary: 'Send what was said and not sent yet to the agent, as one follow-up',
  scope: 'write',
  params: idParams,
  body: z.object({
    comments: z.array(z.uuid()).min(1).max(maxComments).nullable().default(null).describe('Only these; null: all')
  }),
  output: run,
  status: 201,
  errors: [
    'NOT_FOUND',
    'NOTHING_TO_SEND',
    'RUN_NOT_ENDED',
    'RUN_NOT_RESUMABLE',
    'NOT_SUPPORTED',
    'AGENT_PAUSED',
    'AGENT_ARCHIVED',
    'BUDGET_EXHAUSTED',
    'LIMIT_REACHED'
  ] as const satisfies readonly ErrorCode[]
})
