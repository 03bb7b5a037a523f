import { createHash } from 'node:crypto'
import { fieldError, invalid, Missing } from '#contract/errors'
import { printsLines } from '#contract/runners/runners'
import { examineImage, faultOfAll } from '#contract/runs/image-content'
import type { PromptImage, RunImage } from '#contract/runs/images'
import type { CommandSpec } from '#contract/runs/runs'
import { type ImageRow, imagesOf } from '../../store/runs/images.ts'
import type { RunRow } from '../../store/runs/runs.ts'
import type { Domain } from '../domain.ts'
import { takesImages } from '../runners/placement.ts'
import type { EventDraft } from './event-draft.ts'

/** Who will read a prompt. */
interface Reader {
  runtime: string
  place: string
  command: CommandSpec | null
  /** The only one that may take it; null: any. */
  runnerId: string | null
}

/** Throws NOT_SUPPORTED, naming the field, where nobody would see the images. */
export function requireImagesTaken(
  { store, runtimes }: Pick<Domain, 'store' | 'runtimes'>,
  images: readonly PromptImage[],
  { runtime, place, command, runnerId }: Reader
): void {
  if (images.length === 0) return
  const known = runtimes.find(({ id }) => id === runtime)
  const title = known?.title ?? runtime
  if (known?.capabilities.images !== true) throw notTaken(`${title} takes no images`)
  if (printsLines(known, command))
    throw notTaken(`${title} takes images only from a program with the output \`events\`, not \`lines\``)
  const rows = runnerId === null ? store.runners.taking() : [store.runners.byId(runnerId)]
  const runners = rows.filter(row => row !== undefined)
  if (runners.length === 0 || runners.some(row => takesImages(row, runtime, place))) return
  const [first] = runners
  const whose = runners.length === 1 ? `The runner ${first?.name} is` : 'All connected runners are'
  throw notTaken(`${whose} of a version that hands no images to ${title}; update it`)
}

function notTaken(why: string) {
  return fieldError('NOT_SUPPORTED', 'images', `${why}. Send the words without them, or take a runtime that does.`, why)
}

/**
 * Stores what came with a prompt, each once by its content, and says what it is. A run must hold them by the end
 * of the transaction. Throws INVALID_REQUEST, naming the image.
 */
export function keepImages({ store }: Pick<Domain, 'store'>, images: readonly PromptImage[]): RunImage[] {
  const read = images.map(readImage)
  const fault = faultOfAll(read.map(({ facts }) => facts.bytes))
  if (fault !== null) throw invalid('images', fault)
  for (const { facts, content } of read) store.images.insert({ id: facts.id, media_type: facts.mediaType, content })
  return read.map(({ facts }) => facts)
}

function readImage({ mediaType, data, name }: PromptImage, index: number): { facts: RunImage; content: Buffer } {
  const field = `images.${index}`
  const content = bytesOf(data)
  if (content === null) throw invalid(`${field}.data`, 'base64 is expected')
  const found = examineImage(content)
  if ('fault' in found) throw invalid(`${field}.data`, found.fault)
  if (found.mediaType !== mediaType)
    throw invalid(`${field}.mediaType`, `it says ${mediaType}, and its content is ${found.mediaType}`)
  const id = createHash('sha256').update(content).digest('hex')
  const { width, height } = found
  return { content, facts: { id, mediaType, name: name ?? null, bytes: content.length, width, height } }
}

/** Null: it is no base64, of which the decoder would pass over what it does not know. */
function bytesOf(data: string): Buffer | null {
  const bytes = Buffer.from(data, 'base64')
  const length = data.replace(/={1,2}$/, '').length
  return bytes.length === Math.floor((length * 3) / 4) && length % 4 !== 1 ? bytes : null
}

/** What a person said: its images are told of, and never in it. */
export function userEvent(
  message: string,
  images: readonly RunImage[],
  data: Record<string, unknown> = {}
): EventDraft {
  return { kind: 'user', message, data: images.length === 0 ? data : { ...data, images } }
}

export function holdImages({ store }: Pick<Domain, 'store'>, run: number, images: readonly RunImage[]): void {
  for (const { id } of images) store.images.use(run, id)
}

/** After an input was taken back: what came with nothing else goes. */
export function dropImages({ store }: Pick<Domain, 'store'>, run: RunRow, images: readonly RunImage[]): void {
  if (images.length === 0) return
  const kept = new Set([run, ...store.inputs.ofRun(run.number)].flatMap(imagesOf).map(({ id }) => id))
  for (const { id } of images) if (!kept.has(id)) store.images.drop(run.number, id)
}

/** Throws NOT_FOUND. */
export function getImage({ store }: Pick<Domain, 'store'>, run: RunRow, id: string): ImageRow {
  const image = store.images.ofRun(run.number, id)
  if (!image) throw new Missing('image', id)
  return image
}
