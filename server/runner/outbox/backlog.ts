import type { SpoolFile } from '../spool/spool-file.ts'
import type { Batch, Finish } from './batch.ts'
import { cutText, shrinkItem } from './leaving-item.ts'

/** What waits in memory before the agent's output is left unread. */
export const maxWaitingBytes = 8 * 1024 * 1024
/** What an item takes in memory when its text lies on disk. */
const entryBytes = 100
const maxBatchBytes = 4 * 1024 * 1024
/** What does not get through in pieces of this size does not get through at all: the same is tried again. */
const minBatchBytes = 4096
const maxBatchItems = 500
/** A disk that refused is asked again after this time. */
const retryMs = 1000

export interface Waiting {
  n: number
  bytes: number
  isTurn: boolean
  /** Null: only on disk. */
  json: string | null
  /** Where it begins on disk; null: only in memory. */
  at: number | null
  /** For items that are gone. Never written: whoever reads the file finds the same gap. */
  standsIn?: true
}

/** What goes into one request: items with their texts and what these take together, and the end if it gets through too. */
interface Next {
  items: readonly Waiting[]
  texts: readonly string[]
  bytes: number
  complete: boolean
  finish: Finish | null
}

export interface BacklogOptions {
  file: SpoolFile
  /** The disk refuses; said once until it takes something again. */
  onRefused(error: unknown): void
}

/** Items of one run in order, until they are stored: in memory, and on disk from the moment that nobody takes them. */
export class Backlog {
  private readonly options: BacklogOptions
  private waiting: Waiting[] = []
  /** So many of the first ones are on their way; and what the others take. */
  private taken = 0
  private untakenBytes = 0
  private memory = 0
  /** So many of the first ones lie on disk. */
  private saved = 0
  private spooling = false
  private finish: Finish | null = null
  private finishSaved = false
  private refused = false
  private retryAt = 0
  /** What gets through at once, as far as is known. */
  private batchBytes = maxBatchBytes

  constructor(options: BacklogOptions) {
    this.options = options
  }

  get full(): boolean {
    return this.memory > maxWaitingBytes
  }

  get empty(): boolean {
    return this.waiting.length === 0
  }

  get first(): number | null {
    return this.waiting[0]?.n ?? null
  }

  /** Whether what is not on its way yet is worth a whole request. */
  get fillsBatch(): boolean {
    return this.waiting.length - this.taken >= maxBatchItems || this.untakenBytes > this.batchBytes
  }

  /** All of it, with the end, is on disk: the next process can tell it. */
  get safe(): boolean {
    return this.finishSaved
  }

  push(n: number, json: string, isTurn: boolean): void {
    this.add({ n, json, bytes: Buffer.byteLength(json), isTurn, at: null })
    if (this.spooling) this.save()
  }

  /** What a former process wrote. */
  recover(items: readonly Waiting[]): void {
    this.spooling = true
    this.saved = items.length
    for (const item of items) this.add(item)
  }

  end(finish: Finish): void {
    this.finish = finish
    if (this.spooling) this.save()
  }

  /** Nobody takes what waits: from now on it is kept on disk, until all of it is stored. */
  spill(): void {
    this.spooling = true
    this.save()
  }

  /**
   * What belongs into the next request, from now on on its way, and whether nothing is left then. A batch ends at a turn:
   * the answer belongs to exactly one.
   */
  next(): Next {
    const items: Waiting[] = []
    let bytes = 0
    for (let at = this.taken; at < this.waiting.length; at++) {
      const item = this.waiting[at] as Waiting
      if (items.length === maxBatchItems || (items.length > 0 && bytes + item.bytes > this.batchBytes)) break
      items.push(item)
      bytes += item.bytes
      if (item.isTurn) break
    }
    const texts = items.map(item => item.json ?? this.read(item))
    this.taken += items.length
    this.untakenBytes -= bytes
    const complete = this.taken === this.waiting.length
    const rides = complete && (items.length === 0 || bytes + sizeOf(this.finish) <= this.batchBytes)
    return { items, texts, bytes, complete, finish: rides ? this.finish : null }
  }

  /** What was on its way has to be sent again. */
  rewind(): void {
    this.taken = 0
    this.untakenBytes = bytesOf(this.waiting)
  }

  /** Whether so many bytes get through at once. */
  takes(bytes: number): boolean {
    return bytes <= this.batchBytes
  }

  /**
   * This was too large to get through: the next ones are smaller, and what is too large alone is cut. False: it is as
   * small as can be.
   */
  shrink({ batch, items }: { batch: Batch; items: readonly Waiting[] }): boolean {
    const bytes = bytesOf(items) + Buffer.byteLength(batch.deltas) + sizeOf(batch.finish)
    const before = this.batchBytes
    this.batchBytes = Math.max(minBatchBytes, Math.floor(Math.min(bytes, before) / 2))
    const [item, ...others] = items
    if (item === undefined) this.shrinkFinish()
    else if (others.length === 0 && item.bytes > this.batchBytes) this.shrinkItem(item)
    return this.batchBytes < before
  }

  /** Stands for what is not here any more. */
  fill(n: number, upTo: number): void {
    const json = JSON.stringify({ type: 'missing', n, upTo })
    const item: Waiting = { n, json, bytes: Buffer.byteLength(json), isTurn: false, at: null, standsIn: true }
    this.waiting.unshift(item)
    this.untakenBytes += item.bytes
    this.memory += footprint(item)
    if (this.saved > 0) this.saved++
  }

  /** Drops what is stored, but for the turn whose answer is still open. */
  forget(acked: number, openTurn: number | null): void {
    const later = this.waiting.findIndex(item => item.n > acked)
    const stored = this.waiting.splice(0, later === -1 ? this.waiting.length : later)
    const open = stored.filter(item => item.n === openTurn)
    this.waiting.unshift(...open)
    this.untakenBytes -= bytesOf(stored.slice(this.taken).filter(item => !open.includes(item)))
    const gone = stored.slice(0, this.taken).filter(item => !open.includes(item))
    this.taken -= gone.length
    for (const item of stored) if (!open.includes(item)) this.memory -= footprint(item)
    this.saved = Math.max(0, this.saved - stored.length)
    for (const item of open) if (item.at !== null) this.saved++
    if (this.spooling && this.finish === null && this.waiting.every(item => item.json !== null)) this.rest()
  }

  drop(): void {
    this.waiting = []
    this.taken = 0
    this.untakenBytes = 0
    this.memory = 0
    this.rest()
  }

  private shrinkItem(item: Waiting): void {
    const json = shrinkItem(item.json ?? this.read(item), this.batchBytes)
    this.memory -= footprint(item)
    this.untakenBytes -= item.bytes
    item.json = json
    item.bytes = Buffer.byteLength(json)
    this.memory += footprint(item)
    this.untakenBytes += item.bytes
  }

  private shrinkFinish(): void {
    const { finish } = this
    if (finish?.result) this.finish = { ...finish, result: cutText(finish.result, Math.floor(this.batchBytes / 4)) }
  }

  private add(item: Waiting): void {
    this.waiting.push(item)
    this.untakenBytes += item.bytes
    this.memory += footprint(item)
  }

  /** Nothing is on disk only: the file is not needed any more. */
  private rest(): void {
    for (const item of this.waiting) item.at = null
    this.saved = 0
    this.spooling = false
    this.options.file.clear()
  }

  private save(): void {
    if (performance.now() < this.retryAt) return
    try {
      while (this.saved < this.waiting.length) if (!this.saveNext()) return
      if (this.finish !== null && !this.finishSaved) this.finishSaved = this.write({ finish: this.finish }) !== null
      this.refused = false
    } catch (error) {
      this.retryAt = performance.now() + retryMs
      if (!this.refused) this.options.onRefused(error)
      this.refused = true
    }
  }

  private saveNext(): boolean {
    const item = this.waiting[this.saved]
    if (item === undefined || item.json === null) return false
    if (item.standsIn) {
      this.saved++
      return true
    }
    const at = this.options.file.append(item.json, item.bytes)
    if (at === null) return false
    this.memory -= footprint(item)
    item.at = at
    // A turn is small, and may be asked for again after the file is gone.
    if (!item.isTurn) item.json = null
    this.memory += footprint(item)
    this.saved++
    return true
  }

  private write(value: object): number | null {
    const json = JSON.stringify(value)
    return this.options.file.append(json, Buffer.byteLength(json))
  }

  private read(item: Waiting): string {
    const json = item.at === null ? null : this.options.file.read(item.at, item.bytes)
    return json ?? JSON.stringify(unreadable(item))
  }
}

function sizeOf(finish: Finish | null): number {
  return finish === null ? 0 : Buffer.byteLength(JSON.stringify(finish))
}

function bytesOf(items: readonly Waiting[]): number {
  return items.reduce((sum, { bytes }) => sum + bytes, 0)
}

function footprint(item: Waiting): number {
  return entryBytes + (item.json === null ? 0 : item.bytes)
}

/** Stands in for an item that is gone, so that those after it still arrive. */
function unreadable({ n, bytes }: Waiting): object {
  const message = `What the agent did here (${bytes} bytes) could not be read back from the disk of its runner`
  const ts = new Date().toISOString()
  return { type: 'event', n, ts, kind: 'error', message, data: { code: 'SPOOL_UNREADABLE', retrying: false } }
}
