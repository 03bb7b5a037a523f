/** Parts of a window that are counted separately. */
export const cellsPerWindow = 60
/** Of sums of fractions, in ms. */
const rounding = 1e-3

/**
 * Requests of one subject in a window that slides with the time. They are counted by cells of a sixtieth of the window;
 * the cell that leaves the window counts by the part of it that is still inside.
 */
export class SlidingWindow {
  private readonly cellMs: number
  /** By cell number modulo its length; one more than the window has, for the one that leaves. */
  private readonly counts = new Uint32Array(cellsPerWindow + 1)
  private newest = 0

  constructor(windowMs: number) {
    this.cellMs = windowMs / cellsPerWindow
  }

  cellAt(now: number): number {
    return Math.floor(now / this.cellMs)
  }

  /** Counts requests of a cell. */
  add(cell: number, count: number): void {
    this.slideTo(cell)
    const at = Math.min(cell, this.newest) % this.counts.length
    this.counts[at] = (this.counts[at] ?? 0) + count
  }

  /** In ms; 0: one more request is within the limit now. */
  waitFor(limit: number, now: number): number {
    const cell = this.cellAt(now)
    this.slideTo(cell)
    let inside = this.counts.reduce((sum, count) => sum + count, 0)
    for (let step = 0; step <= cellsPerWindow; step++) {
      const leaving = this.countOf(cell + step - cellsPerWindow)
      inside -= leaving
      if (inside >= limit) continue
      const share = leaving === 0 ? 0 : Math.max(0, 1 - (limit - inside) / leaving)
      return Math.max(0, Math.ceil((cell + step + share) * this.cellMs - now - rounding))
    }
    return this.cellMs * cellsPerWindow
  }

  /** Requests inside of the window now, a part of one counted as one. */
  usedAt(now: number): number {
    const cell = this.cellAt(now)
    this.slideTo(cell)
    const all = this.counts.reduce((sum, count) => sum + count, 0)
    const left = now / this.cellMs - cell
    return Math.max(0, Math.ceil(all - this.countOf(cell - cellsPerWindow) * left - rounding))
  }

  private countOf(cell: number): number {
    if (cell > this.newest || cell < this.newest - cellsPerWindow) return 0
    return this.counts[cell % this.counts.length] ?? 0
  }

  private slideTo(cell: number): void {
    const steps = cell - this.newest
    // A clock that was set back by more than a window must not keep anybody out until it is that late again.
    if (Math.abs(steps) > cellsPerWindow) this.counts.fill(0)
    else for (let next = this.newest + 1; next <= cell; next++) this.counts[next % this.counts.length] = 0
    if (steps > 0 || steps < -cellsPerWindow) this.newest = cell
  }
}
