import { useEffect, useRef, useState } from 'react'

/** Follows a value that may change all the time: at once after it stood still, else once in `pauseMs`. */
export function useCalm<Value>(value: Value, pauseMs: number): Value {
  const [calm, setCalm] = useState(value)
  const changedAt = useRef(Number.NEGATIVE_INFINITY)
  useEffect(() => {
    if (calm === value) return
    const wait = changedAt.current + pauseMs - performance.now()
    const timer = setTimeout(() => {
      changedAt.current = performance.now()
      setCalm(value)
    }, wait)
    return () => clearTimeout(timer)
  }, [calm, value, pauseMs])
  return calm
}
