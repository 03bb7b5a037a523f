import { Settings } from 'lucide-react'
import { page, type Screen } from '../../lib/screen.ts'

const settingsPage = page(() => import('./settings-page.tsx').then(module => module.SettingsPage))

export const screen: Screen = {
  title: 'Settings',
  path: '/settings',
  icon: Settings,
  group: 'configure',
  keys: 'g ,',
  pages: { '/settings': settingsPage, '/settings/:id': settingsPage }
}
