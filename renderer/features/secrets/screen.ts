import { KeyRound } from 'lucide-react'
import { page, type Screen } from '../../lib/screen.ts'

export const screen: Screen = {
  title: 'Secrets',
  path: '/secrets',
  icon: KeyRound,
  group: 'configure',
  keys: 'g e',
  pages: { '/secrets': page(() => import('./secrets-page.tsx').then(module => module.SecretsPage)) }
}
