import { ChevronDown, Split } from 'lucide-react'
import { Fragment } from 'react'
import { Link } from 'wouter'
import type { Run } from '#contract/runs/runs'
import { titleOf } from '../../../lib/format.ts'
import { useNarrow } from '../../../lib/narrow.ts'
import { RunGlyph, statusWord } from '../../../parts/run-status.tsx'
import { childrenOf, stripOf } from '../../../parts/run-stream/stream/chain.ts'
import { IconButton } from '../../../ui/button.tsx'
import { Menu, MenuItem, MenuLabel } from '../../../ui/menu.tsx'
import styles from './chain-strip.module.css'

interface Props {
  run: Run
  chain: readonly Run[]
  /** The run at the top of the view. */
  spied: string
  onGo: (run: Run) => void
}

/** The session as chips with the numbers of its runs, parent to child. Other ways a run went on are in a menu beside it. */
export function ChainStrip({ run, chain, spied, onGo }: Props) {
  const narrow = useNarrow()
  const strip = stripOf(run, chain)
  if (strip.length < 2 && chain.length < 2) return null
  const here = strip.some(one => one.id === spied) ? spied : run.id
  if (narrow) return <ChainMenu strip={strip} chain={chain} here={here} onGo={onGo} />
  return (
    <nav className={styles.strip} aria-label="Runs of this session">
      {strip.map((one, i) => {
        const others = childrenOf(one, chain).filter(child => child.id !== strip[i + 1]?.id)
        return (
          <Fragment key={one.id}>
            {i > 0 && <i className={styles.link} aria-hidden />}
            <Link
              href={`/runs/${one.id}`}
              className={styles.chip}
              aria-current={one.id === here ? 'true' : undefined}
              aria-label={`#${one.number}, ${titleOf(one)}, ${statusWord(one)}`}
              title={titleOf(one)}
              onClick={event => {
                if (event.metaKey || event.ctrlKey || event.shiftKey) return
                event.preventDefault()
                onGo(one)
              }}
            >
              <RunGlyph run={one} size={13} />
              <span className="truncate">
                #{one.number} {titleOf(one)}
              </span>
            </Link>
            {others.length > 0 && <OtherWays runs={others} onGo={onGo} />}
          </Fragment>
        )
      })}
    </nav>
  )
}

/** In one row where there is no room: which of how many, and all of them behind it. */
function ChainMenu({
  strip,
  chain,
  here,
  onGo
}: {
  strip: Run[]
  chain: readonly Run[]
  here: string
  onGo: Props['onGo']
}) {
  const at = strip.findIndex(one => one.id === here)
  const shown = strip[at]
  const others = chain.filter(one => !strip.some(({ id }) => id === one.id))
  if (!shown) return null
  return (
    <nav className={styles.narrow} aria-label="Runs of this session">
      <Menu
        trigger={
          <button type="button" className={styles.place}>
            <RunGlyph run={shown} />
            <b>
              {at + 1} of {strip.length}
            </b>
            <span className="truncate">
              #{shown.number} {titleOf(shown)}
            </span>
            <ChevronDown size={14} aria-hidden />
          </button>
        }
      >
        {strip.map(one => (
          <MenuItem key={one.id} checked={one.id === here} note={statusWord(one)} onSelect={() => onGo(one)}>
            #{one.number} {titleOf(one)}
          </MenuItem>
        ))}
        {others.length > 0 && <MenuLabel>It also went on with</MenuLabel>}
        {others.map(one => (
          <MenuItem key={one.id} note={statusWord(one)} onSelect={() => onGo(one)}>
            #{one.number} {titleOf(one)}
          </MenuItem>
        ))}
      </Menu>
    </nav>
  )
}

function OtherWays({ runs, onGo }: { runs: Run[]; onGo: (run: Run) => void }) {
  return (
    <Menu trigger={<IconButton icon={Split} label={`${runs.length} other ways it went on`} />}>
      <MenuLabel>It also went on with</MenuLabel>
      {runs.map(one => (
        <MenuItem key={one.id} note={`#${one.number}, ${statusWord(one)}`} onSelect={() => onGo(one)}>
          {titleOf(one)}
        </MenuItem>
      ))}
    </Menu>
  )
}
