import type { EngineTest, EngineTestStep, EngineTestStepId } from '#contract/runners/engines'
import { duration } from '../../../lib/format.ts'
import { Glyph, type Tone } from '../../../ui/glyph.tsx'
import { Said } from '../../../ui/said.tsx'
import styles from './engines.module.css'

const titles: Record<EngineTestStepId, string> = {
  answer: 'Ask what it is',
  image: 'Make an image',
  create: 'Create a container',
  limits: 'Read its bounds back',
  start: 'Start it',
  network: 'Look at its network',
  remove: 'Remove everything'
}

const outcomes: Record<EngineTestStep['outcome'], { tone: Tone; word: string }> = {
  done: { tone: 'done', word: 'Done' },
  lacking: { tone: 'waiting', word: 'Lacking' },
  failed: { tone: 'failed', word: 'Failed' },
  skipped: { tone: 'cancelled', word: 'Skipped' }
}

/** How a test went, step by step. */
export function EngineTestResult({ name, test: { ok, steps } }: { name: string; test: EngineTest }) {
  const failed = steps.some(({ outcome }) => outcome === 'failed')
  const words = ok
    ? 'It holds all that was tried.'
    : failed
      ? 'It cannot run a container.'
      : 'It works, and does not hold all bounds.'
  return (
    <section className={styles.test} aria-label={`Test of ${name}`}>
      <p role="status">
        <b>{words}</b>
      </p>
      <ol>
        {steps.map(({ id, outcome, detail, ms }) => (
          <li key={id}>
            <Glyph tone={outcomes[outcome].tone} label={outcomes[outcome].word} />
            <span>{titles[id]}</span>
            <span className={styles.quiet}>
              <Said>{detail}</Said>
            </span>
            <span className={styles.took}>{outcome === 'skipped' ? '' : ms < 50 ? '<0.1 s' : duration(ms)}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}
