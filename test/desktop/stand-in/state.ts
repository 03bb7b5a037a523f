/** How this stand-in was started, and what all of its parts share. */
export interface Started {
  /** The package.json of the app. */
  package: { name?: string; productName?: string; version?: string }
  appPath: string
  packaged: boolean
}

/** A window as the app sees it when it quits. */
export interface OpenWindow {
  /** Whether it let itself be closed. */
  closeForQuit(): boolean
}

class Readiness {
  reached = false
  readonly #promise = Promise.withResolvers<void>()
  /** Before any listener of 'ready': Playwright holds the event back, and waits for this promise. */
  announce(): void {
    this.reached = true
    this.#promise.resolve()
  }
  wait(): Promise<void> {
    return this.#promise.promise
  }
}

export const state = {
  started: { package: {}, appPath: process.cwd(), packaged: false } as Started,
  ready: new Readiness(),
  quitting: false,
  windows: new Map<number, OpenWindow>(),
  /** What the app, or what drives it, adds to the command line of Chromium. */
  switches: new Map<string, string>()
}
