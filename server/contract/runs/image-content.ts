/** What images may be, by their content: one rule for the control plane and for whoever is about to send one. */

export const imageTypes = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const
export type ImageType = (typeof imageTypes)[number]

/** With one prompt or input. */
export const maxImages = 8
/** In bytes. As base64 it is what the model APIs take of one image. */
export const maxImageBytes = 3_750_000
/** In bytes, of all that come with one prompt. As base64 they leave 2 MiB of a body for everything else. */
export const maxImagesBytes = 6_000_000
/** In pixels; model APIs refuse what is longer. */
export const maxImageSide = 8000

export interface ImageShape {
  mediaType: ImageType
  width: number
  height: number
}

/** What an image is, or what is wrong with it in words for a person. */
export function examineImage(bytes: Uint8Array): ImageShape | { fault: string } {
  if (bytes.length > maxImageBytes)
    return { fault: `It has ${megabytes(bytes.length)}; an image may have ${megabytes(maxImageBytes)}` }
  const shape = shapeOf(bytes)
  if (shape === null) return { fault: 'It is no PNG, JPEG, GIF or WebP image, or a damaged one' }
  if (Math.max(shape.width, shape.height) > maxImageSide)
    return { fault: `It has ${shape.width} × ${shape.height} pixels; no side may be longer than ${maxImageSide}` }
  return shape
}

/** What is wrong with several that come together; null: nothing. */
export function faultOfAll(sizes: readonly number[]): string | null {
  if (sizes.length > maxImages) return `At most ${maxImages} images may come with one prompt`
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  if (bytes <= maxImagesBytes) return null
  return `Together the images have ${megabytes(bytes)}; at most ${megabytes(maxImagesBytes)} may come with one prompt`
}

function megabytes(bytes: number): string {
  // Never rounded down to what would be allowed.
  return `${Math.ceil(bytes / 10_000) / 100} MB`
}

/** By the first bytes of its content; null: none of ours, or no picture in it. */
function shapeOf(bytes: Uint8Array): ImageShape | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (const [mediaType, read] of readers) {
    try {
      const size = read(view)
      if (size) return size.every(side => side > 0) ? { mediaType, width: size[0], height: size[1] } : null
    } catch (error) {
      // It ends in the middle of its head.
      if (!(error instanceof RangeError)) throw error
      return null
    }
  }
  return null
}

type Size = [width: number, height: number]
/** Null: it is another kind of file. RangeError: it is cut off. */
type Reader = (view: DataView) => Size | null

const readers: readonly [ImageType, Reader][] = [
  ['image/png', png],
  ['image/jpeg', jpeg],
  ['image/gif', gif],
  ['image/webp', webp]
]

function text(view: DataView, from: number, length: number): string {
  if (from + length > view.byteLength) return ''
  return Array.from({ length }, (_, i) => String.fromCharCode(view.getUint8(from + i))).join('')
}

function png(view: DataView): Size | null {
  if (text(view, 0, 8) !== '\x89PNG\r\n\x1a\n' || text(view, 12, 4) !== 'IHDR') return null
  return [view.getUint32(16), view.getUint32(20)]
}

function gif(view: DataView): Size | null {
  if (!/^GIF8[79]a$/.test(text(view, 0, 6))) return null
  return [view.getUint16(6, true), view.getUint16(8, true)]
}

/** Its segments are followed up to the one that begins a frame, which tells the size. */
function jpeg(view: DataView): Size | null {
  if (text(view, 0, 3) !== '\xff\xd8\xff') return null
  for (let at = 2; ; ) {
    if (view.getUint8(at) !== 0xff) throw new RangeError('no marker')
    const marker = view.getUint8(at + 1)
    // Filled up, or a marker that stands alone.
    if (marker === 0xff) at += 1
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += 2
    else if (isFrame(marker)) return [view.getUint16(at + 7), view.getUint16(at + 5)]
    else if (marker === 0xda || marker === 0xd9) throw new RangeError('no frame')
    else at += 2 + view.getUint16(at + 2)
  }
}

function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
}

function webp(view: DataView): Size | null {
  if (text(view, 0, 4) !== 'RIFF' || text(view, 8, 4) !== 'WEBP') return null
  switch (text(view, 12, 4)) {
    case 'VP8 ':
      return [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff]
    case 'VP8L': {
      const bits = view.getUint32(21, true)
      return [1 + (bits & 0x3fff), 1 + ((bits >>> 14) & 0x3fff)]
    }
    case 'VP8X':
      return [1 + (view.getUint32(24, true) & 0xffffff), 1 + (view.getUint32(26, true) >>> 8)]
    default:
      return null
  }
}
