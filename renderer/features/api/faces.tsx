import type { System } from '#contract/system'
import { wordsOf } from '../../lib/call.ts'
import { count } from '../../lib/format.ts'
import { useSystem } from '../../parts/system.ts'
import { Button } from '../../ui/button.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { Problem, SkeletonRows } from '../../ui/notice.tsx'
import styles from './api.module.css'

type Face = System['faces'][number]

/** Where each API answers, how much it takes, and its document. */
export function Faces() {
  const { data: system, error, refetch } = useSystem()
  const again = (
    <Button small onClick={() => void refetch()}>
      Try again
    </Button>
  )
  return (
    <section aria-labelledby="faces">
      <h2 id="faces" className={styles.heading}>
        Base URLs
      </h2>
      <p className={styles.words}>
        The same fleet, in the words of its own API and of those of other products: a client of theirs keeps its code
        and changes its base URL and its key. {system && reach(system.url)}
      </p>
      {error && !system && (
        <Problem title="The base URLs could not be read" action={again}>
          {wordsOf(error)}
        </Problem>
      )}
      {!system && !error && <SkeletonRows height={56} rows={3} />}
      <ul className={styles.faces} aria-label="Base URLs">
        {system?.faces.map(face => (
          <li key={face.id}>
            <div>
              <h3>{face.title}</h3>
              <a href={face.docsUrl} target="_blank" rel="noreferrer" aria-label={`Documentation of ${face.title}`}>
                Documentation
              </a>
            </div>
            <Copyable label={`the base URL of ${face.title}`} text={face.baseUrl} />
            <p className={styles.note}>{limitsOf(face)}</p>
          </li>
        ))}
      </ul>
    </section>
  )
}

function reach(url: string): string {
  const local = ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname)
  return local ? 'They answer on this computer only.' : ''
}

/** 600 requests a minute per key; 5 in 15 minutes per address under /api/auth/. */
function limitsOf({ limits }: Face): string {
  if (limits.length === 0) return 'No rate limit'
  return limits
    .map(({ requests, windowSeconds, by, under }) => {
      const window = windowSeconds === 60 ? 'a minute' : `in ${count(windowSeconds / 60, 'minute')}`
      const whose = by === 'credential' ? 'per key' : 'per address'
      return `${count(requests, 'request')} ${window} ${whose}${under === null ? '' : ` under ${under}`}`
    })
    .join('; ')
}
