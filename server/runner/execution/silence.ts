/** Watches for output; `tell` gets words when there was none for `ms`, and null when there is some again. Ends nothing. */
export class Silence {
  private readonly tell: (reason: string | null) => void
  private readonly ms: number
  private told = false
  private timer: NodeJS.Timeout | undefined

  constructor(tell: (reason: string | null) => void, ms: number) {
    this.tell = tell
    this.ms = ms
  }

  heard(): void {
    if (this.told) this.tell(null)
    this.told = false
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      this.told = true
      this.tell(`No output for ${this.ms < 60_000 ? `${this.ms / 1000} s` : `${Math.round(this.ms / 60_000)} min`}`)
    }, this.ms)
  }

  /** While a person is asked, silence is what one expects. */
  stop(): void {
    clearTimeout(this.timer)
  }
}
