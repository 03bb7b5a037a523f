import { SquareKanban } from 'lucide-react'
import { page, type Screen } from '../../lib/screen.ts'

const board = page(() => import('./tasks-page.tsx').then(module => module.TasksPage))

export const screen: Screen = {
  title: 'Tasks',
  path: '/tasks',
  icon: SquareKanban,
  group: 'work',
  keys: 'g t',
  pages: { '/tasks': board, '/tasks/:id': board }
}
