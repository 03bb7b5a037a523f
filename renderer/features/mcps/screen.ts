import { Plug } from 'lucide-react'
import { page, type Screen } from '../../lib/screen.ts'

export const screen: Screen = {
  title: 'MCP servers',
  path: '/mcps',
  icon: Plug,
  group: 'configure',
  keys: 'g p',
  pages: { '/mcps': page(() => import('./mcps-page.tsx').then(module => module.McpsPage)) }
}
