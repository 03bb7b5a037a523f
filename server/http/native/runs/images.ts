import { getRunImage } from '#contract/runs/images'
import { getImage } from '../../../domain/runs/run-images.ts'
import { requireRun } from '../../../domain/runs/runs.ts'
import { protocol, type Route, sendFile } from '../../for-faces.ts'

export function imageRoutes(): Route[] {
  return [
    protocol(getRunImage, async ({ domain, params, request, response }) => {
      const { id, media_type: type, content } = getImage(domain, requireRun(domain, params.id), params.image)
      sendFile({ type, hash: id, content }, request, response)
    })
  ]
}
