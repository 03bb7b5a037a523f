import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, vi } from 'vitest'
import { listRunners } from '#contract/runners/runners'
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
import { addInput, cancelRun, deleteRun, getRun, launchRun } from '#contract/runs/runs'
import { listKeptFiles, restoreKeptFiles, undoRun } from '#contract/runs/undo'
import { untilStatus } from '../kit/events.ts'
import { GitFolder } from '../kit/git/git-folder.ts'
import { needs } from '../kit/needs.ts'
import { join as joinFleet } from '../kit/people.ts'
import { type App, startApp } from '../kit/start-app.ts'

const test = needs('git')

let app: App
let folder: GitFolder

beforeAll(async () => {
  folder = new GitFolder()
  folder.begin({ 'a.txt': 'one\ntwo\n', 'b.txt': 'stays\n', '.gitignore': '*.log\n' })
  app = await startApp({ runner: true, allowedDirs: [folder.base] })
  const isHere = async () => (await app.call(listRunners)).data.some(({ status }) => status === 'online')
  await vi.waitUntil(isHere, { timeout: 20_000 })
})
afterAll(async () => {
  await app.close()
  folder.remove()
})

const launch = (prompt: string, cwd = folder.root) =>
  app.call(launchRun, { body: { prompt, cwd, runtime: 'practice', permissionMode: 'bypassPermissions' } })
const of = ({ id }: { id: string }) => ({ params: { id } })
const changes = (run: { id: string }) => app.call(listRunChanges, of(run))
const undo = (run: { id: string }, body: object = {}) => app.call(undoRun, { ...of(run), body })
const read = (path: string) => readFileSync(join(folder.root, path), 'utf8')
const path = (name: string) => join(folder.root, name)

async function ran(prompt: string) {
  const run = await launch(prompt)
  await untilStatus(app, run.id, 'SUCCEEDED')
  return run
}

describe('the changes of a run in a repository', () => {
  test('are told while it works, by whatever means they were made, at every turn, and can be undone and restored', async () => {
    const run = await launch(
      'replace "two" with "three" in a.txt then run printf x > shell.txt; echo y > x.log then wait 60'
    )
    const live = () =>
      changes(run).then(({ data }) => data.map(file => [file.path, file.status, file.known, file.edits]))
    await expect.poll(live).toEqual([
      [path('a.txt'), 'modified', 'checkpoint', 1],
      [path('shell.txt'), 'added', 'checkpoint', 0]
    ])
    expect(await app.request('POST', `/api/v1/runs/${run.id}/undo`, { body: {} })).toMatchObject({ status: 409 })
    await app.call(addInput, { ...of(run), body: { text: 'write c.txt: new', mode: 'interrupt' } })
    await expect.poll(() => existsSync(path('c.txt'))).toBe(true)
    await untilStatus(app, run.id, 'SUCCEEDED')

    const told = await changes(run)
    expect(told).toMatchObject({ root: folder.root, total: 3, none: null })
    expect(told.checkpoints.map(({ n, kind, branch }) => [n, kind, branch])).toEqual([
      [0, 'start', 'main'],
      [1, 'turn', 'main'],
      [2, 'end', 'main']
    ])
    const [start, , end] = told.checkpoints
    expect(end?.seq).toBeGreaterThan(start?.seq ?? 0)
    const query = { path: path('a.txt') }
    expect(await app.call(listRunHunks, { ...of(run), query })).toEqual({
      hunks: [{ oldStart: 1, oldLines: 2, newStart: 1, newLines: 2, lines: [' one', '-two', '+three'] }],
      total: 1,
      not: null
    })
    const nowhere = await app.request(
      'GET',
      `/api/v1/runs/${run.id}/changes/hunks?path=${encodeURIComponent('/etc/passwd')}`
    )
    expect(nowhere.error.code).toBe('NOT_FOUND')

    // To the end of its first turn, and from there to before it.
    expect(await undo(run, { checkpoint: 1 })).toMatchObject({ done: true, total: 1 })
    expect([existsSync(path('c.txt')), read('a.txt')]).toEqual([false, 'one\nthree\n'])
    const preview = await undo(run, { dryRun: true })
    expect(preview).toMatchObject({ done: false, kept: null, working: [] })
    expect(preview.files.map(({ action }) => action)).toEqual(['write', 'none', 'remove'])
    const { kept } = await undo(run)
    expect([existsSync(path('shell.txt')), read('a.txt')]).toEqual([false, 'one\ntwo\n'])
    const restored = await app.call(restoreKeptFiles, { params: { id: run.id, keptId: kept?.id ?? '' }, body: {} })
    expect(restored.done).toBe(true)
    expect([existsSync(path('shell.txt')), read('a.txt')]).toEqual([true, 'one\nthree\n'])
    const all = (await app.call(listKeptFiles, of(run))).data
    expect(all.map(({ kind, files, restoredAt }) => [kind, files, restoredAt !== null])).toEqual(
      expect.arrayContaining([
        ['undo', 1, false],
        ['undo', 3, true],
        ['restore', 2, false]
      ])
    )
    expect([read('b.txt'), read('x.log')]).toEqual(['stays\n', 'y\n'])
    expect(folder.git('status', '--porcelain')).toContain('a.txt')
    folder.git('fsck', '--strict')
  })

  test('what changed later is told by name and nothing is done, until it is said what shall become of it', async () => {
    const run = await ran('write later.txt: by the run then write other.txt: by the run')
    folder.write('later.txt', 'by hand\n')
    const refused = await app.request('POST', `/api/v1/runs/${run.id}/undo`, { body: {} })
    expect(refused.error).toMatchObject({ code: 'CHANGED_LATER', message: expect.stringContaining('later.txt') })
    expect(existsSync(path('other.txt'))).toBe(true)
    expect((await app.call(listKeptFiles, of(run))).data).toEqual([])
    const some = { files: [{ path: path('later.txt'), hunks: null }], conflicts: 'overwrite' }
    expect(await undo(run, some)).toMatchObject({ done: true })
    expect([existsSync(path('later.txt')), existsSync(path('other.txt'))]).toEqual([false, true])
    const outside = { files: [{ path: '/etc/passwd', hunks: null }] }
    const wrong = await app.request('POST', `/api/v1/runs/${run.id}/undo`, { body: outside })
    expect(wrong.error).toMatchObject({ code: 'INVALID_REQUEST', field: 'files' })
  })

  test('are reviewed: looked at, kept and discarded hunk by hunk, and what is said of lines goes to the agent at once', async () => {
    const lines = Array.from({ length: 30 }, (_, i) => `line ${i}\n`)
    folder.write('long.txt', lines.join(''))
    const run = await ran('run sed -i "s/line 3$/three/;s/line 25$/twenty-five/" long.txt; printf x > added.txt')
    const review = (method: string, rest: string, body: object) =>
      app.request(method, `/api/v1/runs/${run.id}/review/${rest}`, { body })
    const judge = (hunks: number[] | null, verdict: string | null, name = 'long.txt') =>
      app.call(judgeHunks, { ...of(run), body: { files: [{ path: path(name), hunks }], verdict } })
    const now = () => read('long.txt')

    // Faster than they are done: one follows the other.
    await Promise.all([judge([0], 'discarded'), judge([1], 'discarded'), judge([0], 'kept')])
    expect(now()).toBe(lines.with(3, 'three\n').join(''))
    await judge([0], 'discarded')
    expect(now()).toBe(lines.join(''))
    const { marks } = await judge([1], null)
    expect(now()).toBe(lines.with(25, 'twenty-five\n').join(''))
    expect(marks).toMatchObject([{ path: path('long.txt'), hunk: 0, verdict: 'discarded' }])
    await judge(null, 'discarded', 'added.txt')
    expect(existsSync(path('added.txt'))).toBe(false)
    await judge(null, null, 'added.txt')
    expect(read('added.txt')).toBe('x')
    expect((await app.call(listKeptFiles, of(run))).data.map(({ kind }) => kind)).toEqual(Array(7).fill('discard'))
    folder.write('long.txt', 'by hand\n')
    const later = { files: [{ path: path('long.txt'), hunks: [1] }], verdict: 'discarded' }
    expect((await review('PUT', 'verdict', later)).error.code).toBe('CHANGED_LATER')
    expect(now()).toBe('by hand\n')
    const nothing = { files: [{ path: path('b.txt'), hunks: null }], verdict: 'kept' }
    expect((await review('PUT', 'verdict', nothing)).error.code).toBe('NOT_FOUND')

    const seen = await app.call(markViewed, { ...of(run), body: { path: path('added.txt'), viewed: true } })
    expect(seen.viewed).toEqual([path('added.txt')])
    const say = (line: number, text: string) =>
      app.call(addComment, { ...of(run), body: { path: path('long.txt'), side: 'new', line, quote: 'three', text } })
    const [first, second] = [await say(26, 'why?'), await say(4, 'write find it')]
    const params = { ...of(run).params, commentId: first.id }
    await app.call(changeComment, { params, body: { text: 'Why not?' } })
    const gone = await say(1, 'never mind')
    await app.call(deleteComment, { params: { ...params, commentId: gone.id } })
    const next = await app.call(sendReview, { ...of(run), body: {} })
    expect(next).toMatchObject({ parentRunId: run.id, trigger: 'followup' })
    expect(next.input).toBe(
      `2 comments on your changes:\n\n${path('long.txt')}, line 4:\n> three\nwrite find it\n\n${path('long.txt')}, line 26:\n> three\nWhy not?`
    )
    const { comments } = await app.call(getReview, of(run))
    expect(comments.map(({ id, sentTo }) => [id, sentTo])).toEqual([
      [first.id, next.id],
      [second.id, next.id]
    ])
    expect((await review('POST', 'send', {})).error.code).toBe('NOTHING_TO_SEND')
    expect((await review('PATCH', `comments/${first.id}`, { text: 'x' })).error.code).toBe('INPUT_DELIVERED')
    await untilStatus(app, next.id, 'SUCCEEDED')
  })

  test('a viewer sees them and undoes nothing; what is deleted is gone with its run', async () => {
    const run = await ran('write seen.txt: x')
    const { token } = await joinFleet(app, 'viewer')
    expect((await app.request('POST', `/api/v1/runs/${run.id}/undo`, { body: {}, token })).error.code).toBe('FORBIDDEN')
    const hunks = `/api/v1/runs/${run.id}/changes/hunks?path=${encodeURIComponent(path('seen.txt'))}`
    expect((await app.request('GET', hunks, { token })).error.code).toBe('FORBIDDEN')
    await app.call(deleteRun, of(run))
    expect((await app.request('GET', `/api/v1/runs/${run.id}/changes`)).error.code).toBe('NOT_FOUND')
  })
})

test('a run waits until nobody works in its folder, above it or below it, where that is asked; else it goes on beside them', async () => {
  folder.write('below/x.txt', 'x\n')
  const first = await launch('wait 60', path('below'))
  await untilStatus(app, first.id, 'RUNNING')
  const body = { prompt: 'list', cwd: folder.root, runtime: 'practice' }
  const second = await app.call(launchRun, { body: { ...body, beside: 'wait' } })
  expect(second).toMatchObject({
    status: 'QUEUED',
    statusReason: expect.stringContaining(`run ${first.number} has ended`)
  })
  const beside = await app.call(launchRun, { body })
  await untilStatus(app, beside.id, 'SUCCEEDED')
  expect((await app.call(getRun, of(second))).status).toBe('QUEUED')
  await app.call(cancelRun, { ...of(first), body: { now: true } })
  await untilStatus(app, second.id, 'SUCCEEDED')
})

test('in a folder without a repository that is said, and the edits of the agent are told', async () => {
  const elsewhere = join(folder.base, 'plain')
  rmSync(elsewhere, { recursive: true, force: true })
  folder.write('../plain/x.txt', 'x\n')
  const run = await launch('write new.txt: x', elsewhere)
  await untilStatus(app, run.id, 'SUCCEEDED')
  expect(await changes(run)).toMatchObject({
    root: null,
    checkpoints: [],
    none: { why: 'no-repository' },
    data: [{ status: 'added', known: 'edits', kept: false }]
  })
  const refused = await app.request('POST', `/api/v1/runs/${run.id}/undo`, { body: {} })
  expect(refused.error.code).toBe('NO_CHECKPOINTS')
})
