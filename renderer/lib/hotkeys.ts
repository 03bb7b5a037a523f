import { useLayoutEffect, useRef, useSyncExternalStore } from 'react'
import { usePreferences } from './preferences.ts'

/**
 * `keys` is one key (`n`, `?`, `End`), with `mod+` for Ctrl or Command and `shift+` (`shift+a`), or a sequence (`g a`).
 * Without `label` it is not listed in the help.
 */
export interface Hotkey {
  keys: string
  label?: string
  /** Also while a field has the focus. */
  inFields?: boolean
  /** It walks, so a key that is held goes on; for anything else only the first press counts. */
  repeats?: boolean
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
  // With the very picture that shows: a key pressed at its first sight counts.
  useLayoutEffect(() => {
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

export interface KeySettings {
  /** Off: keys that are one character, alone or in a sequence, do nothing. */
  singleKeys: boolean
  /** The person's own key for one of ours. */
  ownKeys: Readonly<Record<string, string>>
}

/** What has to be pressed for one of our keys; null: nothing does it. */
export function effectiveKeys(keys: string, { singleKeys, ownKeys }: KeySettings): string | null {
  const own = ownKeys[keys] ?? keys
  return singleKeys || !isSingle(own) ? own : null
}

/** Speech recognition, or a cat, types characters: these keys can be turned off. */
export function isSingle(keys: string): boolean {
  const first = (keys.split(' ')[0] ?? '').replace(/^shift\+/, '')
  return first.length === 1
}

/** The key as it is to be pressed and shown; null while it is turned off. */
export function useKeys(keys: string | undefined): string | null {
  const settings = usePreferences(state => state.keys)
  return keys === undefined ? null : effectiveKeys(keys, settings)
}

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      (target.matches('input, textarea, select') && !target.matches('[type="checkbox"], [type="radio"]')))
  )
}

/** How a press is written; null for a modifier alone. */
export function nameOf(event: KeyboardEvent): string | null {
  if (['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'Dead'].includes(event.key)) return null
  const letter = event.key.toLowerCase() !== event.key.toUpperCase()
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  const modifiers = [
    (isMac ? event.metaKey : event.ctrlKey) ? 'mod' : '',
    event.altKey ? 'alt' : '',
    event.shiftKey && (event.key.length > 1 || letter) ? 'shift' : ''
  ]
  return [...modifiers.filter(Boolean), key].join('+')
}

function overlayIsOpen(): boolean {
  return document.querySelector('dialog[open], [role="menu"]') !== null
}

window.addEventListener('keydown', event => {
  if (event.defaultPrevented || event.isComposing || overlayIsOpen()) return
  const name = nameOf(event)
  if (name === null) return
  const sequence = pending && performance.now() < pendingUntil ? `${pending} ${name}` : ''
  const inField = isField(event.target)
  const settings = usePreferences.getState().keys
  const usable = [...active]
    .reverse()
    .flatMap(ref => ref.current)
    .filter(hotkey => !inField || hotkey.inFields)
    .map(hotkey => ({ hotkey, keys: effectiveKeys(hotkey.keys, settings) }))
  const hit = (usable.find(one => one.keys === sequence) ?? usable.find(one => one.keys === name))?.hotkey
  if (event.repeat && !hit?.repeats) {
    if (hit) event.preventDefault()
    return
  }
  pending = ''
  if (hit) {
    event.preventDefault()
    hit.run(event)
  } else if (usable.some(one => one.keys?.startsWith(`${name} `))) {
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

/** How keys stand on a control: `⌘↵`, `Ctrl ↵` or `⇧A`. */
export function keyLabel(keys: string): string {
  const one = (key: string) => symbols[key] ?? (key.length === 1 ? key.toUpperCase() : key)
  return keys
    .split(' ')
    .map(step =>
      step
        .split('+')
        .map(one)
        .join(isMac ? '' : ' ')
        .replace('⇧ ', '⇧')
    )
    .join(' ')
}
