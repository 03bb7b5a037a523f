import { z } from 'zod'
import { endpoint } from '../endpoint.ts'
import { imageTypes } from '../runs/image-content.ts'
import { imageParams } from '../runs/images.ts'

export const fetchRunImage = endpoint({
  id: 'fetchRunImage',
  method: 'POST',
  path: '/api/v1/runner/runs/:id/images/:image',
  tag: 'runner protocol',
  summary: 'The content of an image that came with a run, or with an input of it, for whoever executes that run',
  scope: 'runner',
  params: imageParams,
  body: z.object({ runnerId: z.string().max(64), incarnation: z.string().max(64), attempt: z.int() }),
  output: z.object({ mediaType: z.enum(imageTypes), data: z.string().describe('Base64') }),
  errors: ['NOT_FOUND', 'RUNNER_REPLACED', 'NOT_HELD']
})
