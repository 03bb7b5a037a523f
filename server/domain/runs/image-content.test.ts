import { describe, expect, test } from 'vitest'
import { examineImage, faultOfAll, maxImageBytes, maxImages, maxImagesBytes } from '#contract/runs/image-content'
import { png } from '../../../test/kit/images.ts'

const bytes = (text: string, ...more: number[]) => Buffer.concat([Buffer.from(text, 'latin1'), Buffer.from(more)])
const segment = (marker: number, length: number) => [0xff, marker, 0, length, ...Array<number>(length - 2).fill(0)]
const frame = [0xff, 0xc0, 0, 11, 8, 0, 20, 0, 30, 1, 1, 0x11, 0]
const jpeg = bytes('\xff\xd8', ...segment(0xe0, 16), 0xff, ...segment(0xc4, 8), ...frame)
const gif = bytes('GIF89a', 30, 0, 20, 0, 0, 0, 0)
const lossy = bytes('RIFF\0\0\0\0WEBPVP8 \0\0\0\0', 0, 0, 0, 0x9d, 1, 0x2a, 30, 0, 20, 0)
const lossless = bytes('RIFF\0\0\0\0WEBPVP8L\0\0\0\0', 0x2f, 29, 0xc0, 4, 0)
const extended = bytes('RIFF\0\0\0\0WEBPVP8X\0\0\0\0', 0, 0, 0, 0, 29, 0, 0, 19, 0, 0)

describe('an image', () => {
  test.each([
    ['image/png', png({ width: 30, height: 20 })],
    ['image/jpeg', jpeg],
    ['image/gif', gif],
    ['image/webp', lossy],
    ['image/webp', lossless],
    ['image/webp', extended]
  ])('is told by its content, with its size: %s', (mediaType, content) =>
    expect(examineImage(content)).toEqual({ mediaType, width: 30, height: 20 })
  )

  test('is read where it lies in a larger buffer', () => {
    const large = Buffer.concat([Buffer.alloc(7), gif])
    expect(examineImage(new Uint8Array(large.buffer, large.byteOffset + 7, gif.length))).toMatchObject({ width: 30 })
  })

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['a script that begins like one', Buffer.from('GIF89 <script>')],
    ['markup', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['a sound in the same container', bytes('RIFF\0\0\0\0WAVEfmt ')],
    ['a picture without a side', bytes('GIF89a', 0, 0, 20, 0, 0, 0, 0)],
    ['a JPEG without a frame', bytes('\xff\xd8', ...segment(0xe0, 16), 0xff, 0xda)],
    ...[png(), jpeg, gif, lossy, lossless, extended].flatMap(whole =>
      [4, 9].map((length): [string, Buffer] => [`the first ${length} bytes of one`, whole.subarray(0, length)])
    )
  ])('is none: %s', (_, content) =>
    expect(examineImage(content)).toEqual({ fault: 'It is no PNG, JPEG, GIF or WebP image, or a damaged one' })
  )

  test('is neither too large nor too long', () => {
    const tooLarge = png({ bytes: maxImageBytes })
    expect(examineImage(tooLarge)).toEqual({ fault: 'It has 3.76 MB; an image may have 3.75 MB' })
    expect(examineImage(png({ width: 8001, height: 1 }))).toEqual({
      fault: 'It has 8001 × 1 pixels; no side may be longer than 8000'
    })
  })
})

test('several are neither too many nor too large together', () => {
  expect(faultOfAll([maxImagesBytes])).toBeNull()
  expect(faultOfAll([maxImagesBytes, 1])).toBe(
    'Together the images have 6.01 MB; at most 6 MB may come with one prompt'
  )
  expect(faultOfAll(Array<number>(maxImages).fill(1))).toBeNull()
  expect(faultOfAll(Array<number>(maxImages + 1).fill(1))).toBe('At most 8 images may come with one prompt')
})
