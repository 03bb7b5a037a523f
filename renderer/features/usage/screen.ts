import { ChartColumn } from 'lucide-react'
import { page, type Screen } from '../../lib/screen.ts'

export const screen: Screen = {
  title: 'Usage',
  path: '/usage',
  icon: ChartColumn,
  group: 'observe',
  keys: 'g u',
  pages: { '/usage': page(() => import('./usage-page.tsx').then(module => module.UsagePage)) }
}
