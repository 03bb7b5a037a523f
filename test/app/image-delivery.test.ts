import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { listRunners } from '#contract/runners/runners'
import { addInput, followUpRun, launchRun, retryRun } from '#contract/runs/runs'
import { eventsOf, untilStatus } from '../kit/events.ts'
import { png, sent } from '../kit/images.ts'
import { type App, startApp } from '../kit/start-app.ts'

const first = sent(png({ width: 30, height: 20 }), { name: 'first.png' })
const second = sent(png({ width: 31, height: 21 }))
/** As large as one may be. */
const large = sent(png({ bytes: 3_700_000 }))

let app: App
beforeAll(async () => {
  app = await startApp({ runner: true })
  const online = async () => (await app.call(listRunners)).data.some(one => one.status === 'online')
  await vi.waitUntil(online, { timeout: 20_000 })
}, 60_000)
afterAll(() => app.close())

const launch = (prompt: string, images: unknown[]) =>
  app.call(launchRun, { body: { prompt, images, runtime: 'practice' } })

test('an agent is given the images of its prompt, of a message while it works, of a follow-up and of a retry', async () => {
  const run = await launch('wait 2', [first, second])
  await untilStatus(app, run.id, 'RUNNING')
  await app.call(addInput, { params: { id: run.id }, body: { text: 'list', images: [second] } })
  await untilStatus(app, run.id, 'SUCCEEDED')
  const said = (await eventsOf(app, run.id)).filter(({ kind }) => kind === 'assistant').map(({ message }) => message)
  expect(said).toEqual([
    expect.stringMatching(
      /^I was given 2 images, and cannot see:\n\n- first\.png: PNG, 30 × 20 pixels, \d+ bytes\n- without a name: PNG, 31 × 21 pixels.*\n\nI waited 2 s\.$/
    ),
    expect.stringMatching(/^I was given 1 image.*PNG, 31 × 21 pixels.*\n\nThe folder is empty\.$/s)
  ])
  const body = { prompt: 'list', images: [first] }
  const child = await app.call(followUpRun, { params: { id: run.id }, body })
  expect(await untilStatus(app, child.id, 'SUCCEEDED')).toMatchObject({ result: expect.stringContaining('first.png') })
  const retry = await app.call(retryRun, { params: { id: child.id } })
  expect(await untilStatus(app, retry.id, 'SUCCEEDED')).toMatchObject({ result: expect.stringContaining('first.png') })
})

test('an image as large as one may be arrives whole', async () => {
  const run = await launch('list', [large])
  const { result } = await untilStatus(app, run.id, 'SUCCEEDED')
  expect(result).toContain(`8 × 6 pixels, ${run.images[0]?.bytes.toLocaleString('en')} bytes`)
})
