import { Search } from 'lucide-react'
import { page, type Screen } from '../../lib/screen.ts'

export const screen: Screen = {
  title: 'Search',
  path: '/search',
  icon: Search,
  group: null,
  keys: 'mod+shift+f',
  pages: { '/search': page(() => import('./search-page.tsx').then(module => module.SearchPage)) }
}
