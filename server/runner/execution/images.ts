import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunImage } from '#contract/runs/images'
import { type AgentImage, RefusedLaunch } from '../runtimes/runtime.ts'
import type { Attempt } from '../spool/spool.ts'

/** What the control plane said when it was asked for an image. */
export type ImageReply = { type: 'image'; data: string } | { type: 'refused'; message: string } | { type: 'away' }

export interface ImageSource {
  image(run: Attempt, id: string): Promise<ImageReply>
  pauseMs(attempt: number): number
}

/**
 * Fetches what came with a prompt, one after the other; while the control plane is away it is waited for. Throws
 * RefusedLaunch, or the reason of the signal.
 */
export async function fetchImages(
  source: ImageSource,
  run: Attempt,
  images: readonly RunImage[],
  signal: AbortSignal
): Promise<AgentImage[]> {
  const fetched: AgentImage[] = []
  for (const image of images) {
    const { mediaType, name } = image
    fetched.push({ mediaType, name, data: await fetchImage(source, run, image.id, signal) })
  }
  return fetched
}

async function fetchImage(source: ImageSource, run: Attempt, id: string, signal: AbortSignal): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted()
    const reply = await source.image(run, id)
    if (reply.type === 'refused') throw missing(reply.message)
    if (reply.type === 'image') {
      const hash = createHash('sha256').update(Buffer.from(reply.data, 'base64')).digest('hex')
      if (hash !== id) throw missing('it arrived as another one than it is')
      return reply.data
    }
    await sleep(source.pauseMs(attempt), null, { signal }).catch(() => signal.throwIfAborted())
  }
}

function missing(why: string): RefusedLaunch {
  return new RefusedLaunch('IMAGE_MISSING', `An image that came with the prompt could not be fetched: ${why}`)
}
