import { type ReactNode, useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import { onOpenPage } from '../../lib/bridge.ts'
import { useHotkeys } from '../../lib/hotkeys.ts'
import { AppBanner } from './app-banner.tsx'
import { KeyHelp } from './key-help.tsx'
import styles from './shell.module.css'
import { Sidebar } from './sidebar.tsx'

/** Navigation, banner and the page. The two regions at the end speak to screen readers. */
export function Shell({ children }: { children: ReactNode }) {
  const [, navigate] = useLocation()
  const [help, setHelp] = useState(false)
  useEffect(() => onOpenPage(navigate), [navigate])
  useHotkeys([
    { keys: 'g r', label: 'Go to Runs', run: () => navigate('/runs') },
    { keys: 'g a', label: 'Go to Approvals', run: () => navigate('/approvals') },
    { keys: 'n', label: 'New run', run: () => navigate('/runs/new') },
    { keys: '?', label: 'Keys of this page', run: () => setHelp(true) }
  ])
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        Skip to content
      </a>
      <Sidebar onHelp={() => setHelp(true)} />
      <div className={styles.page}>
        <AppBanner />
        <main id="main" className={styles.main} tabIndex={-1}>
          {children}
        </main>
      </div>
      {help && <KeyHelp onClose={() => setHelp(false)} />}
      <div id="announce-polite" className="hidden-label" aria-live="polite" />
      <div id="announce-assertive" className="hidden-label" aria-live="assertive" />
    </div>
  )
}
