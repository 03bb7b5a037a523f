import { announce } from '../../lib/announce.ts'
import type { Hotkey } from '../../lib/hotkeys.ts'

type Answer = 'allow' | 'always' | 'edit' | 'deny'

const bound: readonly { keys: string; label: string; answer: Answer }[] = [
  { keys: 'a', label: 'Allow once', answer: 'allow' },
  { keys: 'shift+a', label: 'Always allow…', answer: 'always' },
  { keys: 'd', label: 'Deny, with a reason', answer: 'deny' },
  { keys: 'e', label: 'Edit before allowing', answer: 'edit' }
]

/**
 * The keys of a request. `focused` gives its region while it has the focus or is selected; without one a key never
 * answers, it calls `pointAt`, which shows what it would be about.
 */
export function answerHotkeys(focused: () => HTMLElement | null, pointAt: () => void): Hotkey[] {
  return bound.map(({ keys, label, answer }) => ({
    keys,
    label,
    run: () => {
      const region = focused()
      if (region) press(region, answer)
      else pointAt()
    }
  }))
}

/** Calls a control of the region by its `data-answer`. */
function press(region: HTMLElement, answer: Answer): void {
  const control = (name: string) => region.querySelector<HTMLElement>(`[data-answer="${name}"]`)
  const reason = answer === 'deny' ? control('reason') : null
  if (reason) reason.focus()
  else if (answer === 'always') openMenu(control(answer))
  else control(answer)?.click()
}

/** Radix opens its menus on pointer down, so a click alone would do nothing. */
function openMenu(button: HTMLElement | null): void {
  button?.focus()
  button?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))
}

/** Shows which request a key would answer: the next press does. */
export function pointAtRequest(region: HTMLElement | null): void {
  if (!region) return
  region.scrollIntoView({ block: 'nearest' })
  region.focus()
  region.dataset.pointed = ''
  region.addEventListener('animationend', () => delete region.dataset.pointed, { once: true })
  announce(`${region.getAttribute('aria-label') ?? 'This request'} waits for you. Press the key again to answer it.`)
}
