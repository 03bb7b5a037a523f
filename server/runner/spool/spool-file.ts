import {
  closeSync,
  constants,
  fdatasync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync
} from 'node:fs'
import { fromLine, lineBytes, toLine } from './spool-line.ts'

export interface SpoolLimits {
  total: number
  file: number
}

/** A line and the byte at which it begins. */
export interface SpooledLine {
  json: string
  bytes: number
  at: number
}

/** The end of the process costs nothing; a power failure may cost what was written in this time. */
const syncMs = 1000

/** Lines that are only added, each with a checksum. It exists while it holds something. */
export class SpoolFile {
  private readonly path: () => string
  private readonly limits: SpoolLimits
  private readonly usage: { bytes: number }
  private fd: number | null = null
  private size = 0
  private syncing: NodeJS.Timeout | null = null

  constructor(path: () => string, limits: SpoolLimits, usage: { bytes: number }) {
    this.path = path
    this.limits = limits
    this.usage = usage
  }

  /** Where the line begins; null: a limit is reached. Throws when the disk refuses. */
  append(json: string, bytes: number): number | null {
    const length = lineBytes(bytes)
    if (this.size + length > this.limits.file || this.usage.bytes + length > this.limits.total) return null
    const at = this.size
    this.write(Buffer.from(toLine(json)), at)
    this.grow(length)
    this.syncSoon()
    return at
  }

  /** The JSON of a line, or null when the disk does not give it back as it was. */
  read(at: number, bytes: number): string | null {
    const line = Buffer.alloc(lineBytes(bytes) - 1)
    try {
      readSync(this.open(), line, 0, line.length, at)
    } catch {
      return null
    }
    return fromLine(line.toString('utf8'))
  }

  /** What a former process wrote, up to the first line that is torn or damaged. Throws when it cannot be read. */
  recover(): SpooledLine[] {
    const content = readFileSync(this.path())
    const lines: SpooledLine[] = []
    let at = 0
    for (let end = content.indexOf(10); end !== -1; end = content.indexOf(10, at)) {
      const json = fromLine(content.toString('utf8', at, end))
      if (json === null) break
      lines.push({ json, bytes: Buffer.byteLength(json), at })
      at = end + 1
    }
    this.grow(at)
    return lines
  }

  clear(): void {
    if (this.syncing !== null) clearTimeout(this.syncing)
    if (this.fd !== null) closeSync(this.fd)
    rmSync(this.path(), { force: true })
    this.usage.bytes -= this.size
    this.size = 0
    this.fd = null
    this.syncing = null
  }

  private open(): number {
    this.fd ??= openSync(this.path(), constants.O_RDWR | constants.O_CREAT, 0o600)
    return this.fd
  }

  private write(line: Buffer, at: number): void {
    const fd = this.open()
    try {
      for (let done = 0; done < line.length; ) done += writeSync(fd, line, done, line.length - done, at + done)
    } catch (error) {
      // Half of a line must not stay: after a crash it would hide what is written in its place.
      ftruncateSync(fd, at)
      throw error
    }
  }

  private grow(bytes: number): void {
    this.size += bytes
    this.usage.bytes += bytes
  }

  private syncSoon(): void {
    const fd = this.fd
    if (fd === null) return
    this.syncing ??= setTimeout(() => {
      this.syncing = null
      // A flush that fails is told by the next write.
      fdatasync(fd, () => {})
    }, syncMs).unref()
  }
}
