import { StringDecoder } from 'node:string_decoder'

/** Longest line that is read, in bytes. A model's answer of 2 MB is one line of 2 MB, so the limit is far above it. */
const maxLineBytes = 32 * 1024 * 1024

export interface LineReader {
  /** Complete lines that this chunk ended. */
  push(chunk: Buffer): string[]
  /** The last line, if it had no line feed. */
  end(): string[]
}

/** Splits bytes into lines without ever holding more than `limit` bytes; `onSkipped` gets the size of a longer line. */
export function createLineReader(onSkipped: (bytes: number) => void, limit = maxLineBytes): LineReader {
  let parts: Buffer[] = []
  let held = 0

  function take(part: Buffer): string | null {
    const bytes = held + part.length
    const line = bytes > limit ? null : withoutReturn(held === 0 ? part.toString('utf8') : decode([...parts, part]))
    parts = []
    held = 0
    if (line === null) onSkipped(bytes)
    return line
  }

  function keep(part: Buffer): void {
    held += part.length
    if (held > limit) parts = []
    else if (part.length > 0) parts.push(part)
  }

  return {
    push(chunk) {
      const lines: string[] = []
      let from = 0
      for (let feed = chunk.indexOf(10); feed !== -1; feed = chunk.indexOf(10, from)) {
        const line = take(chunk.subarray(from, feed))
        if (line !== null) lines.push(line)
        from = feed + 1
      }
      keep(chunk.subarray(from))
      return lines
    },
    end() {
      if (held === 0) return []
      const line = take(Buffer.alloc(0))
      return line === null ? [] : [line]
    }
  }
}

/** Without joining the bytes first: a line may be long. */
function decode(parts: Buffer[]): string {
  const decoder = new StringDecoder('utf8')
  return parts.map(part => decoder.write(part)).join('') + decoder.end()
}

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text
}
