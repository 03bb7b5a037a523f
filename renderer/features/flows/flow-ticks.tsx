import { Link } from 'wouter'
import type { FlowRun } from '#contract/work/flow-runs'
import { wordsOf } from '../../lib/call.ts'
import { duration, exactMoney, money, stamp } from '../../lib/format.ts'
import { latenessWords, lookOfTick, originWords, outcomeWords } from '../../parts/flows/flow-words.ts'
import type { useTicks } from '../../parts/flows/flows.ts'
import { Ago } from '../../ui/ago.tsx'
import { Button } from '../../ui/button.tsx'
import { Status } from '../../ui/glyph.tsx'
import { Problem, SkeletonRows } from '../../ui/notice.tsx'
import { Said } from '../../ui/said.tsx'
import { Ticking } from '../../ui/ticking.tsx'
import styles from './flow-panel.module.css'

/** Each time that it was to start, latest first: what came of it and why, and how late it was. */
export function FlowTicks({ ticks: { ticks, total, error, again, more } }: { ticks: ReturnType<typeof useTicks> }) {
  return (
    <section>
      <h3 className={styles.label}>
        Runs {total > 0 && <span className={styles.quiet}>{total.toLocaleString('en-US')} total</span>}
      </h3>
      {error && !ticks && (
        <Problem
          title="Its history could not be read"
          action={
            <Button small onClick={again}>
              Try again
            </Button>
          }
        >
          {wordsOf(error)}
        </Problem>
      )}
      {!ticks && !error && <SkeletonRows rows={4} height={52} />}
      {ticks?.length === 0 && <p className={styles.quiet}>It was never to start yet.</p>}
      {ticks && ticks.length > 0 && (
        <ul className={styles.ticks} aria-label="Runs of this flow">
          {ticks.map(tick => (
            <Tick key={tick.id} tick={tick} />
          ))}
        </ul>
      )}
      {more && (
        <Button small onClick={more}>
          Show more
        </Button>
      )}
    </section>
  )
}

function Tick({ tick }: { tick: FlowRun }) {
  const { tone, word } = lookOfTick(tick)
  const words = outcomeWords(tick)
  const late = latenessWords(tick)
  return (
    <li className={styles.tick}>
      <div className={styles.when}>
        <Ago ts={tick.dueAt} ago />
        <small>
          {stamp(tick.dueAt).slice(0, -3)}, {originWords[tick.origin]}
          {late !== null && <span className={styles.late}>, {late}</span>}
        </small>
      </div>
      <div className={styles.what}>
        <span className={styles.outcome}>
          <Status tone={tone}>{word}</Status>
          {tick.attempt > 1 && <small>at attempt {tick.attempt}</small>}
          {tick.status === 'pending' && tick.approvalId !== null && (
            <Link href={`/approvals/${tick.approvalId}`}>Answer</Link>
          )}
          {tick.runId !== null && <Link href={`/runs/${tick.runId}`}>Open run</Link>}
        </span>
        {words !== '' && (
          <p>
            <Said>{words}</Said>
          </p>
        )}
        {tick.retryAt !== null && <p>Next try at {stamp(tick.retryAt)}</p>}
      </div>
      <span className={styles.number}>
        {tick.durationMs !== null && duration(tick.durationMs)}
        {tick.status === 'running' && tick.startedAt !== null && <Ticking from={tick.startedAt} />}
      </span>
      <span className={styles.number} title={tick.costUsd === null ? undefined : exactMoney(tick.costUsd)}>
        {tick.costUsd === null ? '–' : money(tick.costUsd)}
      </span>
    </li>
  )
}
