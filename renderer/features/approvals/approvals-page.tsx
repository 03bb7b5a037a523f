import { useQuery } from '@tanstack/react-query'
import { Inbox } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { type Approval, listApprovals } from '#contract/runs/approvals'
import { call, wordsOf } from '../../lib/call.ts'
import { useHotkeys } from '../../lib/hotkeys.ts'
import { keys } from '../../lib/query-keys.ts'
import { answerByKey } from '../../parts/approvals/approval-answer.tsx'
import { usePendingApprovals } from '../../parts/approvals/approvals.ts'
import { Button, classOf } from '../../ui/button.tsx'
import { Empty, Problem, SkeletonRows } from '../../ui/notice.tsx'
import { Bar, Title } from '../../ui/page.tsx'
import { ApprovalDetail } from './approval-detail.tsx'
import { ApprovalList, isSelectable } from './approval-list.tsx'
import styles from './approvals-page.module.css'
import { SelectedApprovals } from './selected-approvals.tsx'

const decidedShown = 200

function useDecided() {
  return useQuery({
    queryKey: keys.recentApprovals,
    queryFn: async ({ signal }) => {
      const page = await call(listApprovals, { query: { limit: decidedShown }, signal })
      return { ...page, data: page.data.filter(one => one.status !== 'pending') }
    }
  })
}

function useTitle(): void {
  useEffect(() => {
    document.title = 'Approvals · Flotilla'
  }, [])
}

/** Requests chosen to be answered together. One that was answered meanwhile is none of them any more. */
function useSelection(waiting: readonly Approval[]) {
  const [ids, setIds] = useState<readonly string[]>([])
  return {
    selected: waiting.filter(one => ids.includes(one.id)),
    toggle: (approval: Approval) => {
      if (!isSelectable(approval)) return
      setIds(ids.includes(approval.id) ? ids.filter(one => one !== approval.id) : [...ids, approval.id])
    },
    clear: () => setIds([])
  }
}

/** The inbox: who waits longest comes first. After a decision the next one opens by itself. */
export function ApprovalsPage({ id }: { id?: string }) {
  useTitle()
  const pending = usePendingApprovals()
  const decided = useDecided()
  const [, navigate] = useLocation()
  const detail = useRef<HTMLElement>(null)
  const waiting = pending.data?.data
  const all: Approval[] = [...(waiting ?? []), ...(decided.data?.data ?? [])]
  const shown = id ?? waiting?.[0]?.id
  const { selected, toggle, clear } = useSelection(waiting ?? [])
  const toggleShown = () => {
    const approval = waiting?.find(one => one.id === shown)
    if (approval) toggle(approval)
  }
  const open = (approval: Approval | undefined) => approval && navigate(`/approvals/${approval.id}`)
  const move = (by: number) => {
    const at = all.findIndex(one => one.id === shown)
    open(all[Math.max(0, Math.min(all.length - 1, at + by))])
  }
  const extend = () => {
    toggleShown()
    move(1)
  }
  const openNext = (decidedId: string) => {
    const next = waiting?.find(one => one.id !== decidedId)
    navigate(next ? `/approvals/${next.id}` : '/approvals')
  }
  const answer = (event: KeyboardEvent) => void answerByKey(detail.current, event.key)
  useHotkeys([
    { keys: 'j', label: 'Next request', run: () => move(1) },
    { keys: 'k', label: 'Previous request', run: () => move(-1) },
    { keys: 'a', label: 'Allow once', run: answer },
    { keys: 'A', label: 'Always allow…', run: answer },
    { keys: 'd', label: 'Deny, with a reason', run: answer },
    { keys: 'e', label: 'Edit before allowing', run: answer },
    { keys: 'x', label: 'Select, to allow several', run: toggleShown },
    { keys: 'shift+ArrowDown', label: 'Select and go on', run: extend },
    ...(selected.length > 0 ? [{ keys: 'Escape', label: 'Clear the selection', run: clear }] : []),
    { keys: 'o', label: 'Open run', run: () => detail.current?.querySelector<HTMLElement>('[data-open-run]')?.click() }
  ])
  const fault = pending.error ?? decided.error
  return (
    <>
      <Bar>
        <Title>Approvals</Title>
        {waiting && <span className={styles.count}>{waiting.length} waiting</span>}
      </Bar>
      {fault && !waiting && (
        <Unreadable fault={fault} onRetry={() => void Promise.all([pending.refetch(), decided.refetch()])} />
      )}
      {!waiting && !fault && <SkeletonRows height={60} />}
      {waiting && all.length === 0 && <NothingYet />}
      {waiting && all.length > 0 && (
        <div className={styles.columns}>
          <ApprovalList
            waiting={waiting}
            decided={decided.data?.data ?? []}
            shown={shown}
            selected={new Set(selected.map(one => one.id))}
            onSelect={toggle}
          />
          <section ref={detail} className={styles.detail} aria-label="Request" data-request="">
            {selected.length > 0 ? (
              <SelectedApprovals approvals={selected} onClear={clear} />
            ) : shown ? (
              <ApprovalDetail key={shown} id={shown} onDecided={() => openNext(shown)} />
            ) : (
              <Empty icon={Inbox} title="Nothing waits for you">
                What was decided stands in the list.
              </Empty>
            )}
          </section>
        </div>
      )}
    </>
  )
}

function Unreadable({ fault, onRetry }: { fault: Error; onRetry: () => void }) {
  const again = (
    <Button small onClick={onRetry}>
      Try again
    </Button>
  )
  return (
    <Problem title="The approvals could not be read" action={again}>
      {wordsOf(fault)} Agents that wait keep waiting.
    </Problem>
  )
}

function NothingYet() {
  const runs = (
    <Link href="/runs" className={classOf()}>
      Show runs
    </Link>
  )
  return (
    <Empty icon={Inbox} title="Nothing waits for you" action={runs}>
      Requests from your agents appear here, the longest waiting first.
    </Empty>
  )
}
