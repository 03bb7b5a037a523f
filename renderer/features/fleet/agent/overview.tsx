import { ArrowUpRight } from 'lucide-react'
import { Link } from 'wouter'
import type { Agent } from '#contract/fleet/agents'
import { isEnded, type Run } from '#contract/runs/runs'
import { titleOf } from '../../../lib/format.ts'
import { NowLine } from '../../../parts/now-line.tsx'
import type { useRunList } from '../../../parts/run-list.ts'
import { RunPill } from '../../../parts/run-status.tsx'
import { Ago } from '../../../ui/ago.tsx'
import { Content, classOf } from '../../../ui/button.tsx'
import { Said } from '../../../ui/said.tsx'
import { AgentComposer } from './agent-composer.tsx'
import { AgentFacts } from './agent-facts.tsx'
import styles from './overview.module.css'
import { RecentRuns } from './recent-runs.tsx'

interface Props {
  agent: Agent
  run: Run | undefined
  runs: readonly Run[] | undefined
  list: ReturnType<typeof useRunList>
}

export function Overview({ agent, run, runs, list }: Props) {
  return (
    <div className={styles.columns}>
      <div className={styles.main}>
        <section className={styles.now} aria-label="Now">
          <h2 className={styles.heading}>{run && isEnded(run.status) ? 'Last' : 'Now'}</h2>
          {run ? <NowRun agent={agent} run={run} /> : <p className={styles.quiet}>It has not run yet.</p>}
          <AgentComposer agent={agent} run={run} />
        </section>
        <RecentRuns runs={runs} list={list} />
      </div>
      <AgentFacts agent={agent} run={run} />
    </div>
  )
}

function NowRun({ agent, run }: { agent: Agent; run: Run }) {
  return (
    <div className={styles.run}>
      <div>
        <p className={styles.title}>
          <Said>{titleOf(run)}</Said>
        </p>
        <p className={styles.line}>
          {isEnded(run.status) ? (
            <>
              <RunPill run={run} />
              {run.error ? (
                <span className="truncate">
                  <Said>{run.error.message}</Said>
                </span>
              ) : (
                run.endedAt && <Ago ts={run.endedAt} ago />
              )}
            </>
          ) : (
            <span className="truncate">
              <NowLine agent={agent} run={run} />
            </span>
          )}
        </p>
      </div>
      <Link href={`/runs/${run.id}`} className={classOf()}>
        <Content icon={ArrowUpRight}>Open run</Content>
      </Link>
    </div>
  )
}
