import type { Endpoint } from '#contract/endpoint'
import type { Assignment } from '#contract/runners/runner-protocol'
import * as reviews from '#contract/runs/review'
import { restoreKeptFiles, undoRun } from '#contract/runs/undo'
import { nextQuestion, type RunnerClient, replyTo } from '../runner-client.ts'
import type { App } from '../start-app.ts'

interface Around {
  app(): App
  runner(): RunnerClient
  /** A run that its runner has started. */
  held(): Promise<Assignment>
  clock: { now(): number }
  /** What must not be kept. */
  marker: string
}

type Parts = { params: Record<string, string>; body?: unknown }

const ofFile = { path: '/work-here/a.ts' }

function reviewing({ app, runner, held, clock, marker }: Around) {
  /** One that changed a file of a repository. */
  const changed = async () => {
    const assignment = await held()
    const { runId } = assignment
    const file = {
      status: 'modified',
      kind: 'file',
      binary: false,
      added: 1,
      removed: 1,
      bytes: 9,
      kept: true
    } as const
    const changes = { files: [{ path: 'a.ts', oldPath: null, ...file }], total: 1, added: 1, removed: 1 }
    const taken = { type: 'taken', at: new Date(clock.now()).toISOString(), root: '/work-here', branch: null } as const
    const fact = (kind: 'start' | 'end', commit: string) => ({
      type: 'facts' as const,
      facts: { cwd: '/work-here', sessionId: `session-${runId}`, checkpoint: { ...taken, kind, commit, changes } }
    })
    await runner().send(assignment, fact('start', 'a'.repeat(40)), fact('end', 'b'.repeat(40)))
    await runner().finish(assignment, 'SUCCEEDED')
    return runId
  }
  /** The next time that files are put back, it is done. */
  const willPutBack = () => {
    const done = async () => {
      const files = [{ path: 'a.ts', action: 'write' as const, obstacle: null }]
      const answer = { type: 'files' as const, done: true, files, total: 1 }
      await replyTo(app(), runner(), await nextQuestion(runner()), { type: 'putBack', answer })
    }
    void done()
  }
  const undone = async () => {
    const runId = await changed()
    willPutBack()
    const { kept } = await app().call(undoRun, { params: { id: runId }, body: {} })
    return { id: runId, keptId: kept?.id ?? '' }
  }
  const commented = async () => {
    const runId = await changed()
    const body = { ...ofFile, side: 'new', line: 1, text: marker }
    return { id: runId, commentId: (await app().call(reviews.addComment, { params: { id: runId }, body })).id }
  }
  return { changed, willPutBack, undone, commented }
}

/** How each endpoint of a review is made to change something, and what is then written down. */
export function reviewMutations(around: Around): [Endpoint, string, () => Promise<Parts>][] {
  const { changed, willPutBack, undone, commented } = reviewing(around)
  const { marker } = around
  return [
    [
      undoRun,
      'kept-files.created',
      async () => {
        const params = { id: await changed() }
        willPutBack()
        return { params, body: {} }
      }
    ],
    [
      restoreKeptFiles,
      'kept-files.changed',
      async () => {
        const params = await undone()
        willPutBack()
        return { params, body: {} }
      }
    ],
    [
      reviews.judgeHunks,
      'review-mark.created',
      async () => ({ params: { id: await changed() }, body: { files: [{ ...ofFile, hunks: null }], verdict: 'kept' } })
    ],
    [
      reviews.addComment,
      'review-comment.created',
      async () => ({ params: { id: await changed() }, body: { ...ofFile, side: 'new', line: 1, text: marker } })
    ],
    [
      reviews.changeComment,
      'review-comment.changed',
      async () => ({ params: await commented(), body: { text: `${marker}!` } })
    ],
    [reviews.deleteComment, 'review-comment.deleted', async () => ({ params: await commented() })],
    [reviews.sendReview, 'run.created', async () => ({ params: { id: (await commented()).id }, body: {} })]
  ]
}
