import { CodeXml } from 'lucide-react'
import { page, type Screen } from '../../lib/screen.ts'

export const screen: Screen = {
  title: 'API',
  path: '/api-keys',
  icon: CodeXml,
  group: 'configure',
  keys: 'g i',
  pages: { '/api-keys': page(() => import('./api-page.tsx').then(module => module.ApiPage)) }
}
