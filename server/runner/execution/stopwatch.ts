/** Calls `onTime` after `ms` of running time; pauses do not count. */
export class Stopwatch {
  private readonly onTime: () => void
  private left: number
  private startedAt: number | null = null
  private timer: NodeJS.Timeout | undefined

  constructor(ms: number, onTime: () => void) {
    this.left = ms
    this.onTime = onTime
  }

  run(): void {
    if (this.startedAt !== null) return
    this.startedAt = performance.now()
    this.timer = setTimeout(this.onTime, this.left)
  }

  pause(): void {
    if (this.startedAt === null) return
    clearTimeout(this.timer)
    this.left = Math.max(0, this.left - (performance.now() - this.startedAt))
    this.startedAt = null
  }
}
