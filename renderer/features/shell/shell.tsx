import { type ComponentType, type ReactNode, Suspense, useEffect, useState } from 'react'
import { matchRoute, useLocation, useRouter } from 'wouter'
import { desktopNotices, onOpenPage } from '../../lib/bridge.ts'
import { type Hotkey, useHotkeys, useListedHotkeys } from '../../lib/hotkeys.ts'
import { useNarrow } from '../../lib/narrow.ts'
import type { Screen } from '../../lib/screen.ts'
import { MenuContext } from '../../ui/page.tsx'
import { AppBanner } from './app-banner.tsx'
import { Drawer } from './drawer.tsx'
import { KeyHelp } from './key-help.tsx'
import { Navigation } from './navigation.tsx'
import { PaletteOpening } from './palette-opening.tsx'
import styles from './shell.module.css'

interface PaletteProps {
  screens: readonly Screen[]
  actions: readonly Hotkey[]
  /** What was typed while it was loaded. */
  typed: string
  onClose: () => void
}

interface Props {
  screens: readonly Screen[]
  /** Handed in, for features do not know each other. */
  palette: ComponentType<PaletteProps>
  children: ReactNode
}

/** The table of screens never changes, so the hooks of it are called in one order. */
function useWaitingIn(screens: readonly Screen[]): number {
  let waiting = 0
  // biome-ignore lint/correctness/useHookAtTopLevel: see above
  for (const { useWaiting } of screens) waiting += useWaiting?.() ?? 0
  return waiting
}

/** A desktop tells by itself, also without a window. Returns how to stop. */
function startTelling(open: (page: string) => void): (() => void) | undefined {
  if (desktopNotices()) return undefined
  const telling = import('../../parts/notices/browser-notices.ts').then(module => module.tellInBrowser(open))
  // Without it the page goes on as it is.
  telling.catch(() => undefined)
  return () => void telling.then(stop => stop()).catch(() => undefined)
}

/** Navigation, banner and the page. The two regions at the end speak to screen readers. */
export function Shell({ screens, palette: Palette, children }: Props) {
  const [, navigate] = useLocation()
  const [help, setHelp] = useState(false)
  const [searching, setSearching] = useState(false)
  const [typed, setTyped] = useState('')
  const closeSearch = () => {
    setSearching(false)
    setTyped('')
  }
  const actions = useListedHotkeys()
  useEffect(() => onOpenPage(navigate), [navigate])
  useEffect(() => startTelling(navigate), [navigate])
  useHotkeys([
    ...screens.flatMap(({ keys, title, path }) =>
      keys === undefined ? [] : [{ keys, label: `Go to ${title}`, run: () => navigate(path) }]
    ),
    ...screens.flatMap(({ actions = [] }) =>
      actions.map(({ keys, label, path }) => ({ keys, label, run: () => navigate(path) }))
    ),
    { keys: 'mod+k', label: 'Search or run', inFields: true, run: () => setSearching(true) },
    { keys: '?', label: 'Keys of this page', run: () => setHelp(true) }
  ])
  const narrow = useNarrow()
  const [menu, setMenu] = useState(false)
  const [at] = useLocation()
  const { parser } = useRouter()
  const whole = screens.some(screen => screen.whole?.some(path => matchRoute(parser, path, at)[0]))
  // biome-ignore lint/correctness/useExhaustiveDependencies: who went somewhere is done with the menu
  useEffect(() => {
    setMenu(false)
  }, [at, narrow])
  const waiting = useWaitingIn(screens)
  const navigation = (
    <Navigation
      screens={screens}
      onHelp={() => {
        setMenu(false)
        setHelp(true)
      }}
      onSearch={() => {
        setMenu(false)
        setSearching(true)
      }}
      onClose={narrow ? () => setMenu(false) : undefined}
    />
  )
  return (
    <div className={styles.shell} data-whole={whole || undefined}>
      <a className={styles.skip} href="#main">
        Skip to content
      </a>
      {!narrow && !whole && <div className={styles.side}>{navigation}</div>}
      {narrow && menu && <Drawer onClose={() => setMenu(false)}>{navigation}</Drawer>}
      <div className={styles.page}>
        <AppBanner />
        <main id="main" className={styles.main} tabIndex={-1}>
          <MenuContext value={narrow ? { open: () => setMenu(true), waiting } : null}>{children}</MenuContext>
        </main>
      </div>
      {searching && (
        <Suspense fallback={<PaletteOpening typed={typed} onType={setTyped} onClose={closeSearch} />}>
          <Palette screens={screens} actions={actions} typed={typed} onClose={closeSearch} />
        </Suspense>
      )}
      {help && <KeyHelp onClose={() => setHelp(false)} />}
      <div id="announce-polite" className="hidden-label" aria-live="polite" />
      <div id="announce-assertive" className="hidden-label" aria-live="assertive" />
    </div>
  )
}
