import { Link } from 'wouter'
import { exactTime, upcoming } from '../../lib/format.ts'
import { useMinute } from '../../lib/now.ts'
import { AgentAvatar } from '../../parts/agent-avatar.tsx'
import { useAgentsById } from '../../parts/agents.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Said } from '../../ui/said.tsx'
import styles from './approvals-page.module.css'
import type { useComingUp } from './queries.ts'

const shown = 5

/** Flows that will ask before they start, the next one first. They are looked at where they are. */
export function ComingUp({ flows }: { flows: NonNullable<ReturnType<typeof useComingUp>> }) {
  const now = useMinute()
  const agents = useAgentsById(flows.slice(0, shown).map(({ agentId }) => agentId))
  return (
    <section aria-label="Coming up, flows that ask first">
      <h2 className={styles.group}>
        Coming up <span>flows that ask first</span>
      </h2>
      <ul>
        {flows.slice(0, shown).map(({ id, title, agentId, nextRunAt, standing }) => (
          <li key={id} className={styles.row}>
            <Link href={`/flows/${id}`} className={styles.item}>
              <AgentAvatar id={agentId} name={agents.get(agentId)?.name ?? title} />
              <span className={styles.title}>
                <b className="truncate">
                  <Said>{title}</Said>
                </b>
                <time dateTime={nextRunAt} title={exactTime(nextRunAt)}>
                  {upcoming(nextRunAt, now)}
                </time>
              </span>
              <span className={styles.line}>
                <Glyph tone={standing.state === 'blocked' ? 'failed' : 'queued'} size={12} />
                <span className="truncate">
                  {standing.problems[0] ? <Said>{standing.problems[0].message}</Said> : 'Will ask before it starts'}
                </span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {flows.length > shown && <p className={styles.nothing}>and {flows.length - shown} more later</p>}
    </section>
  )
}
