import { crc32 } from 'node:zlib'

/** Hexadecimal checksum, a space, JSON, a line feed. */
const checksumChars = 8
const frameBytes = checksumChars + 2

export function toLine(json: string): string {
  return `${checksum(json)} ${json}\n`
}

/** Length of the line of a JSON text of this many bytes. */
export function lineBytes(jsonBytes: number): number {
  return jsonBytes + frameBytes
}

/** The JSON of one line without its line feed, or null when it is not what was written. */
export function fromLine(line: string): string | null {
  const json = line.slice(checksumChars + 1)
  return line === `${checksum(json)} ${json}` ? json : null
}

function checksum(json: string): string {
  return crc32(json).toString(16).padStart(checksumChars, '0')
}
