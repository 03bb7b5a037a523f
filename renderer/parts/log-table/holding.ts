import { useState } from 'react'

/** Whether rows stand still: under a pointer, and for a reader who scrolled down, until either is gone. */
export function useHolding() {
  const [holding, setHolding] = useState({ pointer: false, scrolled: false })
  return {
    holds: holding.pointer || holding.scrolled,
    hold: (change: Partial<typeof holding>) =>
      setHolding(before => {
        const after = { ...before, ...change }
        return after.pointer === before.pointer && after.scrolled === before.scrolled ? before : after
      }),
    release: () => setHolding({ pointer: false, scrolled: false })
  }
}
