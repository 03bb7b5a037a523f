import { type KeyboardEvent, type MouseEvent, useEffect, useState } from 'react'

/** What was meant for the request before must not reach the one that has just taken its place. */
const settleMs = 400

/**
 * Keeps an answer from being given by accident, by key, mouse or touch alike. `settled`: the request has been in view
 * long enough to be the one that was meant. `region` goes on what holds its buttons: the second click of a double click
 * and a key that is held press nothing.
 */
export function useGuard() {
  const settled = useSettled()
  return {
    settled,
    region: {
      'data-settled': settled || undefined,
      onClickCapture: (event: MouseEvent) => {
        if (event.detail > 1 && isAnswer(event.target)) event.stopPropagation()
      },
      onKeyDownCapture: (event: KeyboardEvent) => {
        if (event.repeat && isAnswer(event.target)) event.preventDefault()
      }
    },
    /** For a button that answers: it says that it cannot yet, but does not look so for that short time. */
    button: (disabled: boolean) => ({
      'aria-disabled': disabled || !settled,
      'data-settling': (!disabled && !settled) || undefined
    })
  }
}

function useSettled(): boolean {
  const [settled, setSettled] = useState(false)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = () => {
      clearTimeout(timer)
      setSettled(false)
      if (!document.hidden) timer = setTimeout(() => setSettled(true), settleMs)
    }
    look()
    document.addEventListener('visibilitychange', look)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [])
  return settled
}

function isAnswer(target: EventTarget): boolean {
  return target instanceof Element && target.closest('button') !== null
}
