import { useEffect, useRef, useSyncExternalStore } from 'react'

/** `keys` is one key (`n`, `?`, `End`), with `mod+` for Ctrl or Command, or a sequence (`g a`). Without `label` it is not listed in the help. */
export interface Hotkey {
  keys: string
  label?: string
  /** Also while a field has the focus. */
  inFields?: boolean
  run: (event: KeyboardEvent) => void
}

const isMac = navigator.platform.startsWith('Mac')
const active = new Set<{ current: readonly Hotkey[] }>()
const listeners = new Set<() => void>()
let listed: readonly Hotkey[] = []
let pending = ''
let pendingUntil = 0

const sequenceMs = 1200

/** Binds keys while the component is mounted. Later mounted ones win. */
export function useHotkeys(hotkeys: readonly Hotkey[]): void {
  const ref = useRef(hotkeys)
  ref.current = hotkeys
  useEffect(() => {
    active.add(ref)
    announce()
    return () => {
      active.delete(ref)
      announce()
    }
  }, [])
}

/** Keys bound right now, for the help. */
export function useListedHotkeys(): readonly Hotkey[] {
  return useSyncExternalStore(
    listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => listed
  )
}

function announce(): void {
  listed = [...active].flatMap(ref => ref.current.filter(hotkey => hotkey.label))
  for (const listener of listeners) listener()
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
}

function nameOf(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  const modifiers = [
    (isMac ? event.metaKey : event.ctrlKey) ? 'mod' : '',
    event.altKey ? 'alt' : '',
    event.shiftKey && event.key.length > 1 ? 'shift' : ''
  ]
  return [...modifiers.filter(Boolean), key].join('+')
}

function overlayIsOpen(): boolean {
  return document.querySelector('dialog[open], [role="menu"]') !== null
}

window.addEventListener('keydown', event => {
  if (event.defaultPrevented || event.isComposing || overlayIsOpen()) return
  const name = nameOf(event)
  const sequence = pending && performance.now() < pendingUntil ? `${pending} ${name}` : ''
  const inField = isField(event.target)
  const bound = [...active].reverse().flatMap(ref => ref.current)
  const usable = bound.filter(hotkey => !inField || hotkey.inFields)
  const hit = usable.find(hotkey => hotkey.keys === sequence) ?? usable.find(hotkey => hotkey.keys === name)
  pending = ''
  if (hit) {
    event.preventDefault()
    hit.run(event)
  } else if (usable.some(hotkey => hotkey.keys.startsWith(`${name} `))) {
    pending = name
    pendingUntil = performance.now() + sequenceMs
  }
})

const symbols: Record<string, string> = {
  mod: isMac ? '⌘' : 'Ctrl',
  alt: isMac ? '⌥' : 'Alt',
  shift: '⇧',
  Enter: '↵',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc'
}

/** How keys stand on a control: `⌘↵` or `Ctrl ↵`. */
export function keyLabel(keys: string): string {
  const one = (key: string) => symbols[key] ?? (key.length === 1 ? key.toUpperCase() : key)
  return keys
    .split(' ')
    .map(step =>
      step
        .split('+')
        .map(one)
        .join(isMac ? '' : ' ')
    )
    .join(' ')
}
