import { CalendarClock, Plus, Search } from 'lucide-react'
import { useEffect } from 'react'
import { Link, useLocation } from 'wouter'
import { flowStatuses } from '#contract/work/flows'
import { wordsOf } from '../../lib/call.ts'
import { count } from '../../lib/format.ts'
import { useHotkeys } from '../../lib/hotkeys.ts'
import { useNarrow } from '../../lib/narrow.ts'
import { isolated } from '../../lib/visible.ts'
import { useAgents, useAgentsById } from '../../parts/agents.ts'
import { useAskingFlows } from '../../parts/flows/asking-flows.ts'
import { OutcomeLegend } from '../../parts/flows/flow-outcomes.tsx'
import { statusTitles } from '../../parts/flows/flow-words.ts'
import { mostFlows, useFlows } from '../../parts/flows/flows.ts'
import { LogTable } from '../../parts/log-table/log-table.tsx'
import { useReadOnly } from '../../parts/read-only.ts'
import { Button, Content, classOf, IconLink } from '../../ui/button.tsx'
import { Filters, FilterText } from '../../ui/filters.tsx'
import { Empty, Problem, SkeletonRows } from '../../ui/notice.tsx'
import { Bar, Gap, Title } from '../../ui/page.tsx'
import { WithPanel } from '../../ui/panel.tsx'
import { Pick } from '../../ui/pick.tsx'
import { type FlowAddress, useFlowAddress } from './flow-address.ts'
import { flowColumns } from './flow-columns.tsx'
import { FlowPanel } from './flow-panel.tsx'
import styles from './flows.module.css'

/** Work that starts by itself: what starts when, and what came of it; one of them open beside the list. */
export function FlowsPage({ id }: { id?: string }) {
  const address = useFlowAddress()
  const list = useFlows(address.filter)
  const readOnly = useReadOnly()
  const alone = useNarrow() && id !== undefined
  const [, navigate] = useLocation()
  useEffect(() => {
    document.title = 'Flows · Flotilla'
  }, [])
  useHotkeys(readOnly === null ? [{ keys: 'n', label: 'New flow', run: () => navigate('/flows/new') }] : [])
  return (
    <>
      <FlowsBar address={address} alone={alone} readOnly={readOnly} list={list} />
      <WithPanel>
        <div className={styles.list} data-beside={id !== undefined || undefined}>
          {!alone && <List address={address} list={list} chosen={id ?? null} readOnly={readOnly} />}
        </div>
        {id !== undefined && (
          <FlowPanel key={id} id={id} readOnly={readOnly} onClose={() => navigate(address.addressOf(null))} />
        )}
      </WithPanel>
    </>
  )
}

interface ListProps {
  address: FlowAddress
  list: ReturnType<typeof useFlows>
  readOnly: string | null
}

function FlowsBar({ address, alone, readOnly, list }: ListProps & { alone: boolean }) {
  const narrow = useNarrow()
  if (alone)
    return (
      <Bar back={{ href: address.addressOf(null), label: 'All flows' }}>
        <Title>Flow</Title>
      </Bar>
    )
  return (
    <Bar>
      <Title>Flows</Title>
      {list.flows && <span className={styles.quiet}>{count(list.total, 'flow')}</span>}
      <Gap />
      {!narrow && <FlowFilters address={address} />}
      {!readOnly && narrow && <IconLink icon={Plus} label="New flow" href="/flows/new" />}
      {!narrow &&
        (readOnly ? (
          <Button icon={Plus} aria-disabled title={readOnly}>
            New flow
          </Button>
        ) : (
          <Link href="/flows/new" className={classOf('primary')}>
            <Content icon={Plus} hotkey="n">
              New flow
            </Content>
          </Link>
        ))}
    </Bar>
  )
}

function FlowFilters({ address: { search, status, agentId, set } }: { address: FlowAddress }) {
  const agents = useAgents().data ?? []
  return (
    <>
      <FilterText
        icon={Search}
        className={styles.find}
        label="Find flows by words of the title"
        placeholder="Find flow"
        keyLabel="Find flow"
        value={search}
        onChange={text => set('search', text)}
      />
      <Pick
        title="Status"
        chosen={status ?? ''}
        options={flowStatuses.map(one => ({ id: one, title: statusTitles[one] }))}
        onPick={one => set('status', one)}
      />
      <Pick
        title="Agent"
        chosen={agentId}
        options={agents.map(one => ({ id: one.id, title: isolated(one.name) }))}
        onPick={one => set('agent', one)}
      />
    </>
  )
}

const heights = { compact: 52, comfortable: 60, narrow: 118 }

function List({ address, list, chosen, readOnly }: ListProps & { chosen: string | null }) {
  const { flows, total, error, again, more } = list
  const narrow = useNarrow()
  const agents = useAgentsById(flows?.map(({ agentId }) => agentId) ?? [])
  const asking = useAskingFlows()
  return (
    <>
      {narrow && (
        <Filters>
          <FlowFilters address={address} />
        </Filters>
      )}
      {error && !flows && (
        <Problem
          title="The flows could not be read"
          action={
            <Button small onClick={again}>
              Try again
            </Button>
          }
        >
          {wordsOf(error)} They start when they are to, whether they are seen or not.
        </Problem>
      )}
      {!flows && !error && <SkeletonRows height={52} />}
      {flows?.length === 0 && <Nothing filtered={address.filtered} readOnly={readOnly} />}
      {flows && flows.length > 0 && (
        <>
          <LogTable
            key={JSON.stringify(address.filter)}
            label="Flows"
            one="flow"
            className={styles.columns}
            columns={flowColumns({ agents, asking })}
            items={flows}
            idOf={({ id }) => id}
            hrefOf={({ id }) => address.addressOf(id)}
            chosen={chosen}
            heights={heights}
            total={total}
            onEnd={more}
            fresh={null}
            onFresh={nothing}
          />
          <footer className={styles.foot}>
            {total > mostFlows && (
              <p>
                The newest {mostFlows} of {total.toLocaleString('en-US')}; find others by their title.
              </p>
            )}
            <OutcomeLegend />
          </footer>
        </>
      )}
    </>
  )
}

const nothing = () => undefined

function Nothing({ filtered, readOnly }: { filtered: boolean; readOnly: string | null }) {
  if (filtered)
    return (
      <Empty
        title="No flow matches"
        action={
          <Link href="/flows" className={classOf()}>
            Clear the filters
          </Link>
        }
      />
    )
  return (
    <Empty
      icon={CalendarClock}
      title="No flows yet"
      action={
        readOnly === null && (
          <Link href="/flows/new" className={classOf()}>
            New flow
          </Link>
        )
      }
    >
      A flow is work that starts by itself: at a time, by a webhook, after another flow, or when a file or a branch
      changes.
    </Empty>
  )
}
