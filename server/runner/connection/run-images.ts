import type { ApiClient } from '#contract/client'
import { fetchRunImage } from '#contract/runners/images'
import type { ImageReply } from '../execution/images.ts'
import type { Attempt } from '../spool/spool.ts'
import { Refused } from './control-plane-client.ts'

interface Caller {
  runnerId: string
  incarnation: string
}

/** Asks for an image of a run. Never throws. */
export async function askForImage(
  call: ApiClient,
  caller: Caller | null,
  { runId, attempt }: Attempt,
  image: string
): Promise<ImageReply> {
  if (caller === null) return { type: 'away' }
  try {
    const { data } = await call(fetchRunImage, { params: { id: runId, image }, body: { ...caller, attempt } })
    return { type: 'image', data }
  } catch (error) {
    // Whether it is replaced or its key is refused is for the next registration to say.
    const final = error instanceof Refused && (error.code === 'NOT_FOUND' || error.code === 'NOT_HELD')
    return final ? { type: 'refused', message: error.message } : { type: 'away' }
  }
}
