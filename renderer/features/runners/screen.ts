import { Server } from 'lucide-react'
import { page, type Screen } from '../../lib/screen.ts'

const list = page(() => import('./runners-page.tsx').then(module => module.RunnersPage))

export const screen: Screen = {
  title: 'Runners',
  path: '/runners',
  icon: Server,
  group: 'observe',
  keys: 'g n',
  pages: {
    '/runners': list,
    '/runners/connect': page(() => import('./connect/connect-page.tsx').then(module => module.ConnectPage)),
    '/runners/:id': list
  }
}
