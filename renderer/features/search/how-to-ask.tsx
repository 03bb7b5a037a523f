import styles from './search.module.css'

const rows = [
  ['idempotency key', 'both words, in any order and form; in identifiers, too'],
  ['"claim the key"', 'these words in this order'],
  ['claim OR lock', 'either of them'],
  ['claim -draft', 'never this one'],
  ['src/keys.ts', 'paths and commands, as they were written']
] as const

/** What can be typed. */
export function HowToAsk() {
  return (
    <section className={styles.how} aria-labelledby="how-to-ask">
      <h2 id="how-to-ask">How to ask</h2>
      <dl>
        {rows.map(([typed, means]) => (
          <div key={typed}>
            <dt>
              <code>{typed}</code>
            </dt>
            <dd>{means}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
