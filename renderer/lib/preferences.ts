import { create } from 'zustand'
import { remember, remembered } from './storage.ts'

export type Theme = 'system' | 'light' | 'dark'
type Density = 'compact' | 'comfortable'

interface Preferences {
  theme: Theme
  density: Density
  /** Keys that are one character can be turned off, and any key can be another (WCAG 2.1.4). */
  keys: { singleKeys: boolean; ownKeys: Readonly<Record<string, string>> }
}

const systemDark = matchMedia('(prefers-color-scheme: dark)')

export const usePreferences = create<Preferences>(() => ({
  theme: 'system',
  density: 'compact',
  keys: { singleKeys: true, ownKeys: {} },
  ...remembered<Partial<Preferences>>('preferences', {})
}))

export function setPreference(change: Partial<Preferences>): void {
  usePreferences.setState(change)
  remember('preferences', usePreferences.getState())
  show()
}

function show(): void {
  const { theme, density } = usePreferences.getState()
  const root = document.documentElement
  root.dataset.theme = theme === 'system' ? (systemDark.matches ? 'dark' : 'light') : theme
  if (density === 'comfortable') root.dataset.density = density
  else delete root.dataset.density
  // The frame of the window takes it: of the desktop, and of some browsers.
  const canvas = getComputedStyle(root).getPropertyValue('--bg').trim()
  if (canvas !== '') document.querySelector('meta[name="theme-color"]')?.setAttribute('content', canvas)
}

systemDark.addEventListener('change', show)
show()
