import { count, money } from '../../lib/format.ts'
import { useAdvice } from '../../parts/usage/queries.ts'
import styles from '../../parts/usage/usage.module.css'
import { Said } from '../../ui/said.tsx'

const shown = 5

/** What another model would have cost, with every term of it; whether it is good enough is not for figures to say. */
export function Advice() {
  const advice = useAdvice().data?.data
  if (!advice || advice.length === 0) return null
  return (
    <section aria-label="What would cost less">
      <h2 className={styles.head}>
        What would cost less <span>by list prices and the tokens of the last 30 days</span>
      </h2>
      <ul className={styles.advice}>
        {advice.slice(0, shown).map(({ agentId, agentName, model, runs, days, options }) => (
          <li key={`${agentId} ${model}`}>
            <p>
              <Said>{agentName}</Said> on {model}, {count(runs, 'run')} in {count(days, 'day')}:
            </p>
            {options.map(option => (
              <details key={option.model}>
                <summary>
                  <b>{option.model}</b> would save about {money(option.monthlySavingUsd)} a month
                </summary>
                <p>{option.arithmetic}</p>
                {option.longestPrompt !== null && (
                  <p>That price holds for prompts up to {option.longestPrompt.toLocaleString('en-US')} tokens.</p>
                )}
              </details>
            ))}
          </li>
        ))}
      </ul>
      <p className={styles.nothing}>Whether the cheaper model does the work as well is for you to try.</p>
    </section>
  )
}
