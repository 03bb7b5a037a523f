import { ScrollText } from 'lucide-react'
import { page, type Screen } from '../../lib/screen.ts'

export const screen: Screen = {
  title: 'Audit log',
  path: '/audit',
  icon: ScrollText,
  group: 'observe',
  keys: 'g d',
  pages: { '/audit': page(() => import('./audit-page.tsx').then(module => module.AuditPage)) }
}
