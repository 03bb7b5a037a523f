import { z } from 'zod'
import { endpoint, idParams } from '../endpoint.ts'
import { type ImageType, imageTypes, maxImageBytes, maxImages } from './image-content.ts'

/** Characters of base64 for so many bytes. */
const base64Length = (bytes: number) => 4 * Math.ceil(bytes / 3)

/** An image as it is sent along with a prompt. */
export const promptImage = z.object({
  mediaType: z.enum(imageTypes),
  // How long it may be is judged with the rest of its content, in words about images.
  data: z
    .string()
    .min(1)
    .meta({ maxLength: base64Length(maxImageBytes) })
    .describe('Base64 of at most 3.75 MB'),
  name: z.string().trim().min(1).max(200).optional().describe('What a person calls it, such as the name of its file')
})
export type PromptImage = z.infer<typeof promptImage>

export const promptImages = z
  .array(promptImage)
  .max(maxImages)
  .default([])
  .describe('For runtimes that take images; together at most 6 MB, no side longer than 8000 pixels')

/** What is known of an image that came with a prompt. Its content is read by `getRunImage`, and stands in no event. */
export const runImage = z
  .object({
    id: z.string().describe('SHA-256 of its content'),
    mediaType: z.enum(imageTypes),
    name: z.string().nullable(),
    bytes: z.int(),
    width: z.int().describe('In pixels'),
    height: z.int()
  })
  .meta({ id: 'RunImage' })
export type RunImage = z.infer<typeof runImage>

/** Data of `user`: what came with it. */
export const userEventData = z.object({ images: z.array(runImage).default([]) })

export const imageParams = idParams.extend({ image: z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 is expected') })

export const getRunImage = endpoint({
  id: 'getRunImage',
  method: 'GET',
  path: '/api/v1/runs/:id/images/:image',
  tag: 'runs',
  summary: 'An image that came with the prompt of a run, or with an input of it',
  scope: 'read',
  params: imageParams,
  output: z.never(),
  file: imageTypes,
  errors: ['NOT_FOUND']
})

/** In words for a person: `PNG`. */
export function imageTypeWord(type: ImageType): string {
  return type === 'image/webp' ? 'WebP' : type.slice('image/'.length).toUpperCase()
}
