import { ChevronDown, ChevronUp, Inbox } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Link, useLocation } from 'wouter'
import type { Approval } from '#contract/runs/approvals'
import { wordsOf } from '../../lib/call.ts'
import { waited } from '../../lib/format.ts'
import { useHotkeys } from '../../lib/hotkeys.ts'
import { useKeptFocus } from '../../lib/kept-focus.ts'
import { useNarrow } from '../../lib/narrow.ts'
import { useMinute } from '../../lib/now.ts'
import { useRowKeys } from '../../lib/row-keys.ts'
import { answerHotkeys, pointAtRequest } from '../../parts/approvals/answer-keys.ts'
import { askLine } from '../../parts/approvals/approval-words.ts'
import { usePendingApprovals } from '../../parts/approvals/approvals.ts'
import { Button, classOf, IconButton } from '../../ui/button.tsx'
import { Empty, Problem, SkeletonRows } from '../../ui/notice.tsx'
import { Bar, Gap, Title } from '../../ui/page.tsx'
import { ApprovalDetail } from './approval-detail.tsx'
import { ApprovalList, isSelectable, itemOf, requestLink } from './approval-list.tsx'
import styles from './approvals-page.module.css'
import { useComingUp, useDecided } from './queries.ts'
import { SelectedApprovals } from './selected-approvals.tsx'
import { addressOf, type Tab, useTab } from './tab.ts'

const hourMs = 3_600_000

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

/** The one below, or above where there is none. */
export function nextOf(waiting: readonly Approval[], id: string): Approval | undefined {
  const at = waiting.findIndex(one => one.id === id)
  return at < 0 ? waiting[0] : (waiting[at + 1] ?? waiting[at - 1])
}

/** The inbox: who waits longest comes first. After a decision the one below opens by itself. */
export function ApprovalsPage({ id }: { id?: string }) {
  const pending = usePendingApprovals()
  const decided = useDecided()
  const coming = useComingUp() ?? []
  const narrow = useNarrow()
  const tab = useTab()
  const now = useMinute()
  const waiting = pending.data?.data
  const known = decided.data?.data ?? []
  const listed =
    tab === 'decided' ? known : known.filter(one => now - Date.parse(one.decidedAt ?? one.createdAt) < hourMs)
  const all: Approval[] = [...(tab === 'decided' ? [] : (waiting ?? [])), ...listed]
  const shown = id ?? (narrow ? undefined : tab === 'decided' ? listed[0]?.id : waiting?.[0]?.id)
  const isComing = tab === 'waiting' && coming.length > 0
  const fault = pending.error ?? decided.error
  useEffect(() => {
    document.title = 'Approvals · Flotilla'
  }, [])
  return (
    <>
      {narrow && id !== undefined ? (
        <RequestBar id={id} all={all} waiting={waiting ?? []} />
      ) : (
        <Bar>
          <Title>Approvals</Title>
          {waiting && !narrow && <span className={styles.count}>{waiting.length} waiting</span>}
          <Gap />
          <nav className={styles.tabs} aria-label="Which requests">
            <Link href="/approvals" aria-current={tab === 'waiting' ? 'true' : undefined}>
              Waiting {waiting?.length}
            </Link>
            <Link href="/approvals?tab=decided" aria-current={tab === 'decided' ? 'true' : undefined}>
              Decided {decided.data?.pagination.total.toLocaleString('en-US')}
            </Link>
          </nav>
        </Bar>
      )}
      {fault && !waiting && (
        <Unreadable fault={fault} onRetry={() => void Promise.all([pending.refetch(), decided.refetch()])} />
      )}
      {!waiting && !fault && <SkeletonRows height={60} />}
      {waiting && all.length === 0 && !id && tab === 'waiting' && !isComing && <NothingYet />}
      {waiting && all.length === 0 && !id && tab === 'decided' && (
        <Empty icon={Inbox} title="Nothing was decided yet">
          What you and others allow and deny is kept here.
        </Empty>
      )}
      {waiting && (all.length > 0 || isComing || id) && (
        <Columns
          waiting={tab === 'decided' ? [] : waiting}
          decided={listed}
          total={decided.data?.pagination.total ?? 0}
          tab={tab}
          shown={shown}
          narrow={narrow}
        />
      )}
    </>
  )
}

interface ColumnsProps {
  waiting: readonly Approval[]
  decided: readonly Approval[]
  /** Decided ones in all. */
  total: number
  tab: Tab
  shown: string | undefined
  narrow: boolean
}

function Columns({ waiting, decided, total, tab, shown, narrow }: ColumnsProps) {
  const detail = useRef<HTMLElement>(null)
  const [, navigate] = useLocation()
  const { selected, toggle, clear } = useSelection(waiting)
  const all = [...waiting, ...decided]
  const current = all.find(one => one.id === shown)
  const focusNext = useFocusOnChange(detail, shown)
  useKeptFocus(detail)
  const open = (approval: Approval | undefined) => approval && navigate(addressOf(approval.id))
  const { move } = useRowKeys({
    ids: all.map(one => one.id),
    drawn: all.map(one => one.id),
    focused: shown ?? null,
    onFocus: next => navigate(addressOf(next)),
    one: 'request',
    link: requestLink,
    toIndex: at => itemOf(all[at]?.id ?? '')?.scrollIntoView({ block: 'nearest' })
  })
  const toggleShown = () => current?.status === 'pending' && toggle(current)
  const onDecided = () => {
    const next = shown === undefined ? undefined : nextOf(waiting, shown)
    focusNext()
    navigate(addressOf(next?.id))
  }
  const onUndone = (approval: Approval) => {
    if (!location.pathname.startsWith('/approvals')) return
    focusNext()
    open(approval)
  }
  const focused = () => {
    const active = document.activeElement
    const here = detail.current?.contains(active) || (shown !== undefined && active === itemOf(shown))
    return here ? detail.current : null
  }
  useHotkeys([
    ...answerHotkeys(focused, () => pointAtRequest(detail.current)),
    { keys: 'x', label: 'Select, to allow several', run: toggleShown },
    {
      keys: 'shift+ArrowDown',
      label: 'Select and go on',
      run: () => {
        toggleShown()
        move(1)
      }
    },
    ...(selected.length > 0 ? [{ keys: 'Escape', label: 'Clear the selection', run: clear }] : []),
    { keys: 'o', label: 'Open run or flow', run: () => linkIn(detail.current)?.click() }
  ])
  const name = selected.length > 0 ? 'Selected requests' : current ? askLine(current) : 'Request'
  return (
    <div className={styles.columns} data-open={shown !== undefined || undefined}>
      {(!narrow || shown === undefined) && (
        <ApprovalList
          waiting={waiting}
          decided={decided}
          tab={tab}
          total={total}
          shown={shown}
          selected={new Set(selected.map(one => one.id))}
          onSelect={toggle}
        />
      )}
      {(!narrow || shown !== undefined) && (
        <section ref={detail} className={styles.detail} aria-label={name} tabIndex={-1} data-request="">
          {selected.length > 0 ? (
            <SelectedApprovals approvals={selected} onClear={clear} />
          ) : shown ? (
            <ApprovalDetail key={shown} id={shown} onDecided={onDecided} onUndone={onUndone} />
          ) : (
            <Empty icon={Inbox} title="Nothing waits for you">
              What was decided stands in the list.
            </Empty>
          )}
        </section>
      )}
    </div>
  )
}

/** What a request leads to: the run that asks, or the flow. */
function linkIn(detail: HTMLElement | null): HTMLElement | null {
  return detail?.querySelector<HTMLElement>('[data-open-run]') ?? null
}

/** Moves the focus to a region once what it shows has changed. */
function useFocusOnChange(region: { current: HTMLElement | null }, shown: string | undefined): () => void {
  const wanted = useRef(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change that counts
  useEffect(() => {
    if (!wanted.current) return
    wanted.current = false
    region.current?.focus()
  }, [shown])
  return () => {
    wanted.current = true
  }
}

/** Narrow: one request takes the page; how many there are stands in its bar. */
function RequestBar({ id, all, waiting }: { id: string; all: readonly Approval[]; waiting: readonly Approval[] }) {
  const now = useMinute()
  const [, navigate] = useLocation()
  const at = all.findIndex(one => one.id === id)
  const position = waiting.findIndex(one => one.id === id)
  const current = all[at]
  const go = (by: number) => {
    const next = all[at + by]
    if (next) navigate(addressOf(next.id))
  }
  return (
    <Bar back={{ href: addressOf(), label: 'All requests' }}>
      <Title>{position < 0 ? 'Request' : `${position + 1} of ${waiting.length}`}</Title>
      {position >= 0 && current && <span className={styles.count}>waiting {waited(current.createdAt, now)}</span>}
      <Gap />
      <IconButton icon={ChevronUp} label="Previous request" disabled={at <= 0} onClick={() => go(-1)} />
      <IconButton icon={ChevronDown} label="Next request" disabled={at >= all.length - 1} onClick={() => go(1)} />
    </Bar>
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
