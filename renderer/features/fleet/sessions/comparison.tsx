import { ArrowLeftRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { Run } from '#contract/runs/runs'
import { count, spent, titleOf, tokens, totalTokens } from '../../../lib/format.ts'
import { areSums, ChangedSum } from '../../../parts/changed-files.tsx'
import { RunStatusText, statusWord } from '../../../parts/run-status.tsx'
import { endOfRun, useRunChanges } from '../../../parts/runs.ts'
import { Button } from '../../../ui/button.tsx'
import { Said } from '../../../ui/said.tsx'
import { cacheShare, costDifference, filesDifference, tookDifference } from './differences.ts'
import { Took } from './session-columns.tsx'
import styles from './sessions.module.css'

interface Props {
  first: Run
  second: Run
  onSwap: () => void
  onClear: () => void
}

/** Two runs, fact by fact, and how the second differs. */
export function Comparison({ first, second, onSwap, onClear }: Props) {
  const filesOfFirst = useRunChanges(first.id, endOfRun).data?.data
  const filesOfSecond = useRunChanges(second.id, endOfRun).data?.data
  const facts: { name: string; of: (run: Run) => ReactNode; difference: string }[] = [
    {
      name: 'Ended',
      of: run => <RunStatusText run={run} />,
      difference: first.status === second.status ? 'the same' : `${statusWord(second)}, not ${statusWord(first)}`
    },
    { name: 'Took', of: run => <Took run={run} />, difference: tookDifference(first, second) },
    {
      name: 'Cost, tokens',
      of: run => `${spent(run)}, ${tokens(totalTokens(run.usage))}${cacheShare(run.usage)}`,
      difference: costDifference(first, second)
    },
    {
      name: 'Model',
      of: run => run.model ?? '–',
      difference:
        first.model === null || second.model === null ? '' : first.model === second.model ? 'the same' : 'another'
    },
    {
      name: 'Files',
      of: run => {
        const files = run === first ? filesOfFirst : filesOfSecond
        if (!files || files.length === 0) return '–'
        return (
          <>
            {count(files.length, 'file')} changed
            {areSums(files) && (
              <>
                {' '}
                <ChangedSum files={files} />
              </>
            )}
          </>
        )
      },
      difference: filesDifference(filesOfFirst, filesOfSecond)
    }
  ]
  return (
    <section className={styles.dock} aria-label="Comparison of two runs" data-bottom-bar="">
      <div className={styles.dockHead}>
        <b role="status">2 runs selected</b>
        <Button look="ghost" hotkey="Escape" onClick={onClear}>
          Clear
        </Button>
        <Button icon={ArrowLeftRight} onClick={onSwap}>
          Swap
        </Button>
      </div>
      <table className={styles.compared}>
        <thead>
          <tr>
            <th scope="col">Fact</th>
            {[first, second].map(run => (
              <th key={run.id} scope="col">
                <Link href={`/runs/${run.id}`}>
                  <code>#{run.number}</code> <Said>{titleOf(run)}</Said>
                </Link>
              </th>
            ))}
            <th scope="col">Difference</th>
          </tr>
        </thead>
        <tbody>
          {facts.map(({ name, of, difference }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{of(first)}</td>
              <td>{of(second)}</td>
              <td>{difference}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
