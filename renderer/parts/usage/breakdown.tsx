import { Link } from 'wouter'
import type { CostSplit } from '#contract/money/costs'
import type { UsageRow } from '#contract/money/usage'
import { exactMoney, exactTokens, money, tokens, totalTokens } from '../../lib/format.ts'
import { Said } from '../../ui/said.tsx'
import { AgentAvatar } from '../agent-avatar.tsx'
import { nameOf } from './series.tsx'
import styles from './usage.module.css'

interface Props {
  of: CostSplit
  rows: readonly UsageRow[]
  /** Where a row leads; none where it leads nowhere. */
  hrefOf?: (row: UsageRow) => string
}

const heads: Record<CostSplit, string> = { model: 'Model', agent: 'Agent', runtime: 'Runtime' }
/** Rows beyond these are in the exported table. */
const shown = 100

/** Who or what used how much, the dearest first. */
export function Breakdown({ of, rows, hrefOf }: Props) {
  const head = heads[of]
  const title = `By ${head.toLowerCase()}`
  const sorted = rows.toSorted((a, b) => (b.costUsd ?? 0) - (a.costUsd ?? 0))
  const largest = sorted[0]?.costUsd ?? 0
  return (
    <section aria-label={title}>
      <h2 className={styles.head}>
        {title} <span>{rows.length.toLocaleString('en-US')}</span>
      </h2>
      {rows.length === 0 ? (
        <p className={styles.nothing}>Nothing ran.</p>
      ) : (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{head}</th>
              <th scope="col" className={styles.number}>
                Runs
              </th>
              <th scope="col" className={styles.number}>
                Tokens
              </th>
              <td className={styles.share} />
              <th scope="col" className={styles.number}>
                Cost
              </th>
            </tr>
          </thead>
          <tbody>
            {sorted.slice(0, shown).map(row => (
              <tr key={row.key}>
                <th scope="row">
                  <Name row={row} of={of} href={row.key === '' ? undefined : hrefOf?.(row)} />
                </th>
                <td className={styles.quiet}>{row.runs.toLocaleString('en-US')}</td>
                <td className={styles.quiet} title={exactTokens(row.usage)}>
                  {tokens(totalTokens(row.usage))}
                </td>
                <td className={styles.share} aria-hidden>
                  <i style={{ width: `${largest > 0 ? ((row.costUsd ?? 0) / largest) * 100 : 0}%` }} />
                </td>
                <td className={styles.number} title={exactMoney(row.costUsd)}>
                  {money(row.costUsd)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {sorted.length > shown && <p className={styles.nothing}>The other {sorted.length - shown} are in the export.</p>}
    </section>
  )
}

function Name({ row, of, href }: { row: UsageRow; of: Props['of']; href: string | undefined }) {
  const name = nameOf(row.name, of)
  const words = (
    <>
      {of === 'agent' && row.key !== '' && <AgentAvatar id={row.key} name={name} size="small" />}
      <Said className="truncate">{name}</Said>
    </>
  )
  if (!href) return <span className={styles.name}>{words}</span>
  return (
    <Link href={href} className={styles.name} aria-label={`Show ${name} alone`}>
      {words}
    </Link>
  )
}
