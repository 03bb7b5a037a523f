import { Activity } from 'lucide-react'
import { page, type Screen } from '../../lib/screen.ts'

export const screen: Screen = {
  title: 'Runs',
  path: '/runs',
  icon: Activity,
  group: 'work',
  keys: 'g r',
  pages: {
    '/runs': page(() => import('./list/runs-page.tsx').then(module => module.RunsPage)),
    '/runs/new': page(() => import('./launch/new-run-page.tsx').then(module => module.NewRunPage)),
    '/runs/:id/review': page(() => import('./review/review-page.tsx').then(module => module.ReviewPage)),
    '/runs/:id': page(() => import('./page/run-page.tsx').then(module => module.RunPage))
  },
  whole: ['/runs/:id/review'],
  actions: [{ keys: 'n', label: 'New run', path: '/runs/new' }]
}
