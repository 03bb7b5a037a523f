import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createAgent } from '#contract/fleet/agents'
import { listAgentFiles, listRunFiles, listRunnerFiles } from '#contract/runners/files'
import { listRunners } from '#contract/runners/runners'
import { launchRun } from '#contract/runs/runs'
import { untilStatus } from '../kit/events.ts'
import { join as joinFleet } from '../kit/people.ts'
import { connectRunner, nextQuestion, replyTo } from '../kit/runner-client.ts'
import { type App, startApp, temporaryFolder } from '../kit/start-app.ts'

let app: App
let folder: string

const here = async () =>
  (await app.call(listRunners)).data.find(one => one.kind === 'builtin' && one.status === 'online')?.id ?? ''

beforeAll(async () => {
  folder = temporaryFolder()
  mkdirSync(join(folder, 'src'))
  writeFileSync(join(folder, 'src/main.ts'), '')
  app = await startApp({ runner: true, allowedDirs: [folder] })
  await vi.waitUntil(here, { timeout: 20_000 })
})
afterAll(async () => {
  await app.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('files that a prompt can name', () => {
  test('of a run: what its runner finds in its folder now', async () => {
    const run = await app.call(launchRun, { body: { prompt: 'list', runtime: 'practice', cwd: folder } })
    await untilStatus(app, run.id, 'SUCCEEDED')
    const files = (query?: string) =>
      app.call(listRunFiles, { params: { id: run.id }, query: query === undefined ? {} : { query } })
    expect(await files()).toEqual({ paths: ['src/'], more: false, partial: false })
    expect((await files('main')).paths).toEqual(['src/main.ts'])
    writeFileSync(join(folder, 'src/maintained.md'), '')
    expect((await files('main')).paths).toEqual(['src/main.ts', 'src/maintained.md'])
  })

  test('of an agent: its own folder; none while it has none', async () => {
    const { id } = await app.call(createAgent, { body: { name: 'Reader', cwd: folder } })
    expect((await app.call(listAgentFiles, { params: { id }, query: { query: 'src/ma' } })).paths).toContain(
      'src/main.ts'
    )
    const bare = await app.call(createAgent, { body: { name: 'Bare' } })
    expect((await app.call(listAgentFiles, { params: { id: bare.id } })).paths).toEqual([])
  })

  test('of a runner: only where agents may work, and it says why not', async () => {
    const params = { id: await here() }
    expect((await app.call(listRunnerFiles, { params, query: { folder } })).paths).toEqual(['src/'])
    const path = listRunnerFiles.path.replace(':id', params.id)
    const outside = await app.request('GET', `${path}?folder=${encodeURIComponent('/etc')}`)
    expect(outside.error).toMatchObject({ code: 'RUNNER_SILENT', message: expect.stringContaining('not allowed') })
    expect((await app.request('GET', `${path}?folder=`)).error.code).toBe('INVALID_REQUEST')
  })

  test('whoever may not start a run sees no names', async () => {
    const viewer = await joinFleet(app, 'viewer')
    const path = `${listRunnerFiles.path.replace(':id', await here())}?folder=${encodeURIComponent(folder)}`
    expect((await app.request('GET', path, { token: viewer.token })).error.code).toBe('FORBIDDEN')
  })
})

describe('a folder on another machine', () => {
  test('is asked for there; once that is gone, this is said', async () => {
    const far = await connectRunner(app, { name: 'far', allowedDirs: ['/far'] })
    const run = await app.call(launchRun, {
      body: { prompt: 'x', runtime: 'claude-code', cwd: '/far/api', runnerId: far.runnerId }
    })
    await far.finish(await far.take(run.id), 'SUCCEEDED')
    const path = `${listRunFiles.path.replace(':id', run.id)}?query=ma`
    const waiting = app.request('GET', path)
    const asked = await nextQuestion(far)
    expect(asked.question).toEqual({ type: 'listFiles', folder: '/far/api', query: 'ma' })
    const answer = { paths: ['main.go'], more: true, partial: false }
    await replyTo(app, far, asked, { type: 'listFiles', answer })
    expect((await waiting).body).toEqual(answer)
    await far.leave()
    expect((await app.request('GET', path)).error.code).toBe('RUNNER_OFFLINE')
  })
})
