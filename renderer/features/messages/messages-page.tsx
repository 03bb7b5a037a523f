import { MessagesSquare, Send } from 'lucide-react'
import { useEffect } from 'react'
import { Link, useLocation } from 'wouter'
import { type Message, messageTypes, type Thread } from '#contract/work/messages'
import { wordsOf } from '../../lib/call.ts'
import { count } from '../../lib/format.ts'
import { useHotkeys } from '../../lib/hotkeys.ts'
import { useNarrow } from '../../lib/narrow.ts'
import { useMinute } from '../../lib/now.ts'
import { useAgents, useAgentsById } from '../../parts/agents.ts'
import { usePendingApprovals } from '../../parts/approvals/approvals.ts'
import { LogTable } from '../../parts/log-table/log-table.tsx'
import type { useLog } from '../../parts/log-table/use-log.ts'
import { useReadOnly } from '../../parts/read-only.ts'
import { Button, Content, classOf, IconLink } from '../../ui/button.tsx'
import { FilterPick, Filters, FilterText } from '../../ui/filters.tsx'
import { Empty, Problem, SkeletonRows } from '../../ui/notice.tsx'
import { Bar, Gap, Title } from '../../ui/page.tsx'
import { WithPanel } from '../../ui/panel.tsx'
import { Views } from '../../ui/views.tsx'
import { ComposeMessage } from './compose-message.tsx'
import { messageColumns } from './message-columns.tsx'
import { type MessageFilters, useMessageFilters } from './message-filters.ts'
import { dayWords, ranges, typeWords } from './message-words.ts'
import styles from './messages.module.css'
import { person, usePartiesOf } from './parties.tsx'
import { useThreads, useTimeline } from './queries.ts'
import { ThreadPanel } from './thread-panel.tsx'

/** What agents and people tell each other; one of them open beside it. */
export function MessagesPage({ id }: { id?: string }) {
  const filters = useMessageFilters()
  const timeline = useTimeline(filters.filter, !filters.threads)
  const threads = useThreads(filters.filter, filters.threads)
  const shown = filters.threads ? threads : timeline
  const agents = useAgents().data ?? []
  const readOnly = useReadOnly()
  const alone = useNarrow() && id !== undefined
  const [, navigate] = useLocation()
  const close = () => navigate(filters.addressOf(null))
  useEffect(() => {
    document.title = 'Messages · Flotilla'
  }, [])
  const compose = () => readOnly === null && navigate(filters.addressOf('new'))
  useHotkeys([{ keys: 'n', label: 'Send a message', run: compose }])
  return (
    <>
      <MessagesBar
        filters={filters}
        alone={alone}
        readOnly={readOnly}
        total={shown.items && count(shown.total, filters.threads ? 'thread' : 'message')}
      />
      <WithPanel>
        {!alone && (
          <div className={styles.list}>
            <FilterRow filters={filters} agents={agents} />
            {shown.error && !shown.items && (
              <Problem
                title="The messages could not be read"
                action={
                  <Button small onClick={shown.again}>
                    Try again
                  </Button>
                }
              >
                {wordsOf(shown.error)} Agents that are working keep working.
              </Problem>
            )}
            {!shown.items && !shown.error && <SkeletonRows height={58} />}
            {shown.items?.length === 0 && <Nothing filters={filters} />}
            {filters.threads ? (
              <List<Thread>
                log={threads}
                messageOf={one => one.last}
                countOf={one => one.messages}
                {...{ filters, id }}
              />
            ) : (
              <List<Message> log={timeline} messageOf={one => one} countOf={() => null} {...{ filters, id }} />
            )}
          </div>
        )}
        {id === 'new' && <ComposeMessage agents={agents} readOnly={readOnly} onClose={close} />}
        {id !== undefined && id !== 'new' && (
          <ThreadPanel
            id={id}
            filters={filters}
            readOnly={readOnly}
            onClose={close}
            onSent={message => navigate(filters.addressOf(message.id))}
          />
        )}
      </WithPanel>
    </>
  )
}

interface ListProps<One> {
  log: ReturnType<typeof useLog<One>>
  messageOf: (one: One) => Message
  countOf: (one: One) => number | null
  filters: MessageFilters
  id: string | undefined
}

function List<One>({ log, messageOf, countOf, filters, id }: ListProps<One>) {
  const items = log.items ?? []
  const others = items.flatMap(one => [messageOf(one).from, messageOf(one).to]).filter(by => by !== person)
  const partiesOf = usePartiesOf(useAgentsById(others))
  const waiting = new Set(usePendingApprovals().data?.data.map(approval => approval.id))
  const now = useMinute()
  const waitingOf = ({ type, data: { approvalId } }: Message) =>
    type === 'approval.requested' && typeof approvalId === 'string' && waiting.has(approvalId) ? approvalId : null
  if (items.length === 0) return null
  return (
    <LogTable
      key={JSON.stringify([filters.filter, filters.threads, log.outdated])}
      label={filters.threads ? 'Threads' : 'Messages'}
      one={filters.threads ? 'thread' : 'message'}
      className={styles.columns}
      columns={messageColumns(messageOf, countOf, { partiesOf, waitingOf })}
      items={items}
      idOf={one => messageOf(one).id}
      hrefOf={one => filters.addressOf(messageOf(one).id)}
      groupOf={one => dayWords(messageOf(one).createdAt, now)}
      isUrgent={one => waitingOf(messageOf(one)) !== null}
      chosen={id ?? null}
      heights={{ compact: 58, comfortable: 68, narrow: 100 }}
      headless
      total={log.total}
      onEnd={log.more}
      fresh={log.fresh > 0 ? count(log.fresh, 'new message') : null}
      onFresh={log.catchUp}
    />
  )
}

interface BarProps {
  filters: MessageFilters
  alone: boolean
  readOnly: string | null
  total: string | undefined
}

function MessagesBar({ filters, alone, readOnly, total }: BarProps) {
  const narrow = useNarrow()
  if (alone) {
    return (
      <Bar back={{ href: filters.addressOf(null), label: 'All messages' }}>
        <Title>Message</Title>
      </Bar>
    )
  }
  return (
    <Bar>
      <Title>Messages</Title>
      {total !== undefined && (
        <span className={styles.quiet} role="status">
          {total}
        </span>
      )}
      <Gap />
      {readOnly && !narrow && <span className={styles.quiet}>{readOnly}</span>}
      {!readOnly && narrow && <IconLink icon={Send} label="Send a message" href={filters.addressOf('new')} />}
      {!readOnly && !narrow && (
        <Link href={filters.addressOf('new')} className={classOf()}>
          <Content icon={Send} hotkey="n">
            Send a message
          </Content>
        </Link>
      )}
    </Bar>
  )
}

interface FilterRowProps {
  filters: MessageFilters
  agents: readonly { id: string; name: string }[]
}

function FilterRow({ filters, agents }: FilterRowProps) {
  return (
    <Filters>
      <FilterText
        label="Search messages by their words"
        placeholder="Search messages"
        keyLabel="Search messages"
        value={filters.search}
        onChange={text => filters.set('search', text)}
        onEnter={() => undefined}
      />
      <FilterPick
        title="Agent"
        chosen={filters.agent}
        options={agents.map(({ id, name }) => ({ id, title: name }))}
        onPick={agent => filters.set('agent', agent)}
      />
      <FilterPick
        title="Type"
        chosen={filters.type}
        options={messageTypes.map(type => ({ id: type, title: typeWords[type] }))}
        onPick={type => filters.set('type', type)}
      />
      <FilterPick title="When" chosen={filters.when} options={ranges} onPick={when => filters.set('when', when)} />
      <span className={styles.views}>
        <Views
          views={[
            { title: 'Timeline', href: filters.with('view', ''), on: !filters.threads },
            { title: 'Threads', href: filters.with('view', 'threads'), on: filters.threads }
          ]}
        />
      </span>
    </Filters>
  )
}

function Nothing({ filters }: { filters: MessageFilters }) {
  if (filters.filtered)
    return <Empty title="No message matches" action={<Button onClick={filters.clear}>Clear the filters</Button>} />
  return (
    <Empty icon={MessagesSquare} title="No messages yet">
      What agents tell each other and you, and what becomes of tasks, stands here.
    </Empty>
  )
}
