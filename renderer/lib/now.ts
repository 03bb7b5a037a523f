import { useSyncExternalStore } from 'react'

/** One clock for every counter on the page: it ticks once a second while somebody looks, and stands still when nobody does. */
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined
let current = Date.now()

function tick(): void {
  current = Date.now()
  for (const listener of listeners) listener()
}

function adjust(): void {
  const wanted = listeners.size > 0 && !document.hidden
  if (wanted && timer === undefined) {
    tick()
    timer = setInterval(tick, 1000)
  } else if (!wanted && timer !== undefined) {
    clearInterval(timer)
    timer = undefined
  }
}

document.addEventListener('visibilitychange', adjust)

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  adjust()
  return () => {
    listeners.delete(listener)
    adjust()
  }
}

const standStill = () => () => {}

/** `ticking` false: nothing here moves any more, so that it is not drawn again. */
export function useNow(ticking = true): number {
  return useSyncExternalStore(ticking ? subscribe : standStill, () => (ticking ? current : 0))
}

/** The time now, rounded down to a minute: rerenders once a minute, for ages. */
export function useMinute(): number {
  return useSyncExternalStore(subscribe, () => current - (current % 10_000))
}
