import { MessagesSquare } from 'lucide-react'
import { page, type Screen } from '../../lib/screen.ts'

const list = page(() => import('./messages-page.tsx').then(module => module.MessagesPage))

export const screen: Screen = {
  title: 'Messages',
  path: '/messages',
  icon: MessagesSquare,
  group: 'work',
  keys: 'g m',
  pages: { '/messages': list, '/messages/:id': list }
}
