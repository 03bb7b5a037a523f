/** Two clocks: what people read, and what waiting is measured by. */
export interface Clock {
  /** The time of day, in ms since 1970. It is set, by people and by servers of time, both ways. */
  now(): number
  /** Whole ms since some moment. Never set; it may stand while the computer sleeps. */
  steady(): number
}

export const systemClock: Clock = { now: () => Date.now(), steady: () => Math.floor(performance.now()) }
