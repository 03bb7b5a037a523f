import { crc32, deflateSync } from 'node:zlib'
import type { PromptImage } from '#contract/runs/images'

/** A PNG that every program can read: one colour, or as much noise as makes it so many bytes and more. */
export function png({ width = 8, height = 6, shade = 0, bytes = 0 } = {}): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // 8 bits of grey.
  header[8] = 8
  const pixels = Buffer.alloc((width + 1) * height, shade)
  for (let row = 0; row < height; row++) pixels[row * (width + 1)] = 0
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    ...(bytes > 0 ? [chunk('tEXt', Buffer.alloc(bytes, 'x'))] : []),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0))
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(data.length, 0)
  head.write(type, 4, 'latin1')
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(Buffer.concat([head.subarray(4), data])), 0)
  return Buffer.concat([head, data, sum])
}

export function sent(content: Buffer, more: Partial<PromptImage> = {}): PromptImage {
  return { mediaType: 'image/png', data: content.toString('base64'), ...more }
}
