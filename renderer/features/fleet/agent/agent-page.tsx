import { MoreHorizontal } from 'lucide-react'
import { useEffect } from 'react'
import { Link, Redirect, useLocation, useSearch } from 'wouter'
import type { Scope } from '#contract/endpoint'
import { AppError } from '#contract/errors'
import { type Agent, getAgent } from '#contract/fleet/agents'
import { listSecrets } from '#contract/fleet/secrets'
import { getCosts } from '#contract/money/costs'
import { listRuns } from '#contract/runs/runs'
import { listMessages } from '#contract/work/messages'
import { wordsOf } from '../../../lib/call.ts'
import { isolated } from '../../../lib/visible.ts'
import { AgentPill, stateOf } from '../../../parts/agent-status.tsx'
import { useAgent } from '../../../parts/agents.ts'
import { useRunList } from '../../../parts/run-list.ts'
import { useAllows } from '../../../parts/who.ts'
import { Avatar } from '../../../ui/avatar.tsx'
import { Button, classOf, IconButton } from '../../../ui/button.tsx'
import { Empty, Problem, SkeletonRows } from '../../../ui/notice.tsx'
import { Bar, Gap, Title } from '../../../ui/page.tsx'
import { Said } from '../../../ui/said.tsx'
import { type Tab, Tabs } from '../../../ui/tabs.tsx'
import { AgentMenu } from '../agent-menu.tsx'
import { AgentSessions } from '../sessions/agent-sessions.tsx'
import { AgentConfig } from '../settings/agent-config.tsx'
import { AgentMessages } from './agent-messages.tsx'
import styles from './agent-page.module.css'
import { AgentSecrets } from './agent-secrets.tsx'
import { AgentUsage } from './agent-usage.tsx'
import { HeadActions } from './head-actions.tsx'
import { Overview } from './overview.tsx'

type TabId = 'overview' | 'sessions' | 'messages' | 'usage' | 'config' | 'secrets'
/** `of`: what a tab shows; who may not call it does not see the tab. */
const tabs: readonly (Tab<TabId> & { of: { scope: Scope } })[] = [
  { id: 'overview', title: 'Overview', of: getAgent },
  { id: 'sessions', title: 'Sessions', of: listRuns },
  { id: 'messages', title: 'Messages', of: listMessages },
  { id: 'usage', title: 'Usage', of: getCosts },
  { id: 'config', title: 'Config', of: getAgent },
  { id: 'secrets', title: 'Secrets', of: listSecrets }
]
const panel = 'agent-panel'

export function AgentPage({ id }: { id: string }) {
  const agent = useAgent(id)
  if (agent.data && agent.data.id !== id) return <Redirect to={`/fleet/${agent.data.id}${location.search}`} replace />
  if (agent.data) return <Page key={agent.data.id} agent={agent.data} />
  const gone = agent.error instanceof AppError && agent.error.code === 'NOT_FOUND'
  return (
    <>
      <Bar back={{ href: '/fleet', label: 'Fleet' }}>
        <Title>Agent</Title>
      </Bar>
      {gone && (
        <Empty
          title="There is no such agent"
          action={
            <Link href="/fleet" className={classOf()}>
              Show all agents
            </Link>
          }
        >
          Its address may be wrong, or it belongs to somebody else.
        </Empty>
      )}
      {agent.error && !gone && (
        <Problem
          title="The agent could not be read"
          action={
            <Button small onClick={() => void agent.refetch()}>
              Try again
            </Button>
          }
        >
          {wordsOf(agent.error)} If it works, it goes on.
        </Problem>
      )}
      {!agent.error && <SkeletonRows height={52} />}
    </>
  )
}

function Page({ agent }: { agent: Agent }) {
  useSearch()
  const [, navigate] = useLocation()
  const asked = new URLSearchParams(location.search).get('tab')
  const allows = useAllows()
  const shown = tabs.filter(({ of }) => allows(of.scope))
  const chosen = shown.find(({ id }) => id === asked)?.id ?? 'overview'
  const list = useRunList({ agentId: agent.id })
  const runs = list.data?.pages.flatMap(page => page.data)
  // The one that goes on, or the last one.
  const run = runs?.find(one => ['WAITING', 'RUNNING', 'CLAIMED', 'QUEUED'].includes(one.status)) ?? runs?.[0]
  useEffect(() => {
    document.title = `${isolated(agent.name)} · Flotilla`
  }, [agent.name])
  return (
    <>
      <Bar back={{ href: '/fleet', label: 'Fleet' }}>
        <nav aria-label="Breadcrumb" className={styles.crumbs}>
          <Link href="/fleet">Fleet</Link>
          <span aria-hidden>›</span>
        </nav>
        <Title>
          <Said>{agent.name}</Said>
        </Title>
        <Gap />
        <AgentMenu agent={agent} run={run} trigger={<IconButton icon={MoreHorizontal} label="More" />} />
      </Bar>
      <header className={styles.head}>
        <Avatar name={agent.name} glyph={agent.glyph} size="large" />
        <div className={styles.about}>
          <p className={styles.status}>
            <AgentPill state={stateOf(agent, run)} />
            {agent.statusReason && <Said className={styles.reason}>{agent.statusReason}</Said>}
          </p>
          <p className={styles.description}>
            <Said>
              {agent.description.split('\n', 1)[0] || agent.role.split('\n', 1)[0] || `Short name ${agent.slug}`}
            </Said>
          </p>
        </div>
        <HeadActions agent={agent} run={run} />
      </header>
      <div className={styles.tabs}>
        <Tabs
          label="Of this agent"
          tabs={shown}
          chosen={chosen}
          panel={panel}
          onChoose={tab => navigate(tab === 'overview' ? `/fleet/${agent.id}` : `/fleet/${agent.id}?tab=${tab}`)}
        />
      </div>
      <div id={panel} className={styles.panel} role="tabpanel" aria-label={tabs.find(tab => tab.id === chosen)?.title}>
        {chosen === 'overview' && <Overview agent={agent} run={run} runs={runs} list={list} />}
        {chosen === 'sessions' && <AgentSessions agent={agent} />}
        {chosen === 'messages' && <AgentMessages agent={agent} />}
        {chosen === 'usage' && <AgentUsage agent={agent} />}
        {chosen === 'config' && <AgentConfig agent={agent} />}
        {chosen === 'secrets' && <AgentSecrets agent={agent} />}
      </div>
    </>
  )
}
