import { money, tokens } from '../../lib/format.ts'
import { Said } from '../../ui/said.tsx'
import type { DailyCosts } from './daily-costs.ts'
import { dayWords } from './dates.ts'
import chart from './day-chart.module.css'
import styles from './usage.module.css'

/** What the chart shows, as figures. */
export function DayTable({ days, names }: { days: DailyCosts['days']; names: readonly string[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard
    <section className={chart.dayTable} tabIndex={0} aria-label="Spend per day as a table">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Day</th>
            {names.map(name => (
              <th key={name} scope="col" className={styles.number}>
                <Said>{name}</Said>
              </th>
            ))}
            <th scope="col" className={styles.number}>
              Runs
            </th>
            <th scope="col" className={styles.number}>
              Tokens
            </th>
            <th scope="col" className={styles.number}>
              Cost
            </th>
          </tr>
        </thead>
        <tbody>
          {days.toReversed().map(day => (
            <tr key={day.day}>
              <th scope="row">{dayWords(day.day)}</th>
              {day.parts.map((part, i) => (
                <td key={names[i]} className={styles.quiet}>
                  {money(part.costUsd)}
                </td>
              ))}
              <td className={styles.quiet}>{day.runs.toLocaleString('en-US')}</td>
              <td className={styles.quiet}>{tokens(day.tokens)}</td>
              <td className={styles.number}>{day.unpriced > 0 && day.costUsd === 0 ? 'n/a' : money(day.costUsd)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
