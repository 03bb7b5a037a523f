import { LayoutGrid } from 'lucide-react'
import { page, type Screen } from '../../lib/screen.ts'

export const screen: Screen = {
  title: 'Fleet',
  path: '/fleet',
  icon: LayoutGrid,
  group: 'work',
  keys: 'g f',
  pages: {
    '/fleet': page(() => import('./list/fleet-page.tsx').then(module => module.FleetPage)),
    '/fleet/new': page(() => import('./settings/new-agent-page.tsx').then(module => module.NewAgentPage)),
    '/fleet/import': page(() => import('./files/import-page.tsx').then(module => module.ImportPage)),
    '/fleet/:id': page(() => import('./agent/agent-page.tsx').then(module => module.AgentPage))
  }
}
