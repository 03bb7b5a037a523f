import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { RunImage } from '#contract/runs/images'
import { fetchImages, type ImageReply } from './images.ts'

const run = { runId: 'r', attempt: 1 }
const content = Buffer.from('a picture')
const data = content.toString('base64')
const image: RunImage = {
  id: createHash('sha256').update(content).digest('hex'),
  mediaType: 'image/png',
  name: 'picture.png',
  bytes: content.length,
  width: 1,
  height: 1
}

/** A control plane that answers so, one after the other. */
function source(...replies: ImageReply[]) {
  return {
    image: async () => replies.shift() ?? { type: 'away' as const },
    pauseMs: () => 1
  }
}

const never = new AbortController().signal

describe('images that came with a prompt', () => {
  test('are fetched, also from a control plane that was away', async () => {
    const answers = source({ type: 'away' }, { type: 'image', data })
    expect(await fetchImages(answers, run, [image], never)).toEqual([
      { mediaType: 'image/png', name: 'picture.png', data }
    ])
  })

  test.each<[ImageReply, RegExp]>([
    [{ type: 'refused', message: 'There is no image x' }, /There is no image x/],
    [{ type: 'image', data: Buffer.from('another').toString('base64') }, /another one than it is/]
  ])('end the run where they cannot be had: %j', async (reply, words) => {
    const fetching = fetchImages(source(reply), run, [image], never)
    await expect(fetching).rejects.toMatchObject({ code: 'IMAGE_MISSING', message: expect.stringMatching(words) })
  })

  test('are not waited for once the run is stopped', async () => {
    const stop = new AbortController()
    const fetching = fetchImages(source(), run, [image], stop.signal)
    stop.abort(new Error('stopped'))
    await expect(fetching).rejects.toThrow('stopped')
  })
})
