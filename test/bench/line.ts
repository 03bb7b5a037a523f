/** What one round of a line measured, in the line's unit. */
export interface Round {
  floor: number
  ours: number
}

/** A round as it was taken, and the share of the machine that other work had just before. */
export interface TakenRound extends Round {
  busy: number
}

/** A goal is kept by the ratio ours / floor, or by our own figure alone; the floor then only shows what the machine does. */
export interface Goal {
  of: 'ratio' | 'ours'
  bound: 'at most' | 'at least'
  limit: number
}

interface Measurement {
  /** Measures floor and ours beside each other. */
  round(index: number): Promise<Round>
  close(): Promise<void>
}

/** One line of the table. */
export interface Line {
  name: string
  /** What is measured against what. */
  title: string
  floor: string
  unit: 'ms' | 'events/s' | 'requests/s' | 'MB' | '% of a core' | 'elements'
  goal: Goal
  rounds: number
  /** Why it cannot be measured here; null when it can. */
  missing?(): string | null
  prepare(): Promise<Measurement>
}

/** Takes both sides one after the other; who begins changes with every round, so that neither profits from its place. */
export function inTurn(floor: () => Promise<number>, ours: () => Promise<number>): (index: number) => Promise<Round> {
  return async index => {
    if (index % 2 === 0) return { floor: await floor(), ours: await ours() }
    const first = await ours()
    return { floor: await floor(), ours: first }
  }
}
