type Clean = (text: string) => string

/** What a runner says of itself, without what its runs were given in confidence. */
export class Log {
  private readonly cleaners: Clean[] = []

  /** From now on nothing is written that this does not let through. */
  through(clean: Clean): void {
    this.cleaners.push(clean)
  }

  readonly write = (message: string): void => {
    const clear = this.cleaners.reduce((text, clean) => clean(text), message)
    console.log(`${new Date().toISOString()} ${clear}`)
  }

  /**
   * A fault that nobody expected ends no agent: all that a run has lies in that run, so the runner goes on with the others.
   */
  catchFaults(): void {
    process.on('uncaughtException', error =>
      this.write(`uncaught: ${error instanceof Error ? error.stack : String(error)}`)
    )
  }
}
