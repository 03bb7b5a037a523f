import { Inbox } from 'lucide-react'
import { page, type Screen } from '../../lib/screen.ts'
import { usePendingApprovals } from '../../parts/approvals/approvals.ts'

const inbox = page(() => import('./approvals-page.tsx').then(module => module.ApprovalsPage))

export const screen: Screen = {
  title: 'Approvals',
  path: '/approvals',
  icon: Inbox,
  group: 'work',
  keys: 'g a',
  pages: { '/approvals': inbox, '/approvals/:id': inbox },
  useWaiting: () => usePendingApprovals().data?.pagination.total ?? 0
}
