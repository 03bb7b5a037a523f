import { CalendarClock } from 'lucide-react'
import { page, type Screen } from '../../lib/screen.ts'

const list = page(() => import('./flows-page.tsx').then(module => module.FlowsPage))
const editor = page(() => import('./editor/flow-editor-page.tsx').then(module => module.FlowEditorPage))

export const screen: Screen = {
  title: 'Flows',
  path: '/flows',
  icon: CalendarClock,
  group: 'work',
  keys: 'g l',
  pages: { '/flows': list, '/flows/new': editor, '/flows/:id': list, '/flows/:id/edit': editor }
}
