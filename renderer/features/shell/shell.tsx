import { type ComponentType, type ReactNode, Suspense, useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import { onOpenPage } from '../../lib/bridge.ts'
import { type Hotkey, useHotkeys, useListedHotkeys } from '../../lib/hotkeys.ts'
import { AppBanner } from './app-banner.tsx'
import { KeyHelp } from './key-help.tsx'
import styles from './shell.module.css'
import { Sidebar } from './sidebar.tsx'

interface PaletteProps {
  actions: readonly Hotkey[]
  onClose: () => void
}

interface Props {
  /** Handed in, for features do not know each other. */
  palette: ComponentType<PaletteProps>
  children: ReactNode
}

/** Navigation, banner and the page. The two regions at the end speak to screen readers. */
export function Shell({ palette: Palette, children }: Props) {
  const [, navigate] = useLocation()
  const [help, setHelp] = useState(false)
  const [searching, setSearching] = useState(false)
  const actions = useListedHotkeys()
  useEffect(() => onOpenPage(navigate), [navigate])
  useHotkeys([
    { keys: 'g r', label: 'Go to Runs', run: () => navigate('/runs') },
    { keys: 'g a', label: 'Go to Approvals', run: () => navigate('/approvals') },
    { keys: 'n', label: 'New run', run: () => navigate('/runs/new') },
    { keys: 'mod+k', label: 'Search or run', inFields: true, run: () => setSearching(true) },
    { keys: '?', label: 'Keys of this page', run: () => setHelp(true) }
  ])
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        Skip to content
      </a>
      <Sidebar onHelp={() => setHelp(true)} onSearch={() => setSearching(true)} />
      <div className={styles.page}>
        <AppBanner />
        <main id="main" className={styles.main} tabIndex={-1}>
          {children}
        </main>
      </div>
      {searching && (
        <Suspense fallback={null}>
          <Palette actions={actions} onClose={() => setSearching(false)} />
        </Suspense>
      )}
      {help && <KeyHelp onClose={() => setHelp(false)} />}
      <div id="announce-polite" className="hidden-label" aria-live="polite" />
      <div id="announce-assertive" className="hidden-label" aria-live="assertive" />
    </div>
  )
}
