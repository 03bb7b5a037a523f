import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef, useState } from 'react'
import type { Import } from '#contract/fleet/agent-files'
import { count } from '../../../lib/format.ts'
import { isolated } from '../../../lib/visible.ts'
import { Button } from '../../../ui/button.tsx'
import { Glyph } from '../../../ui/glyph.tsx'
import { Said } from '../../../ui/said.tsx'
import styles from './import-page.module.css'
import type { ImportWork } from './use-import.ts'

/** What would be made, with what is wrong of each and a way to mend it. */
export function ImportEntries({ work }: { work: ImportWork }) {
  const { entries, chosen } = work
  const scroller = useRef<HTMLUListElement>(null)
  const rows = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 64,
    overscan: 6
  })
  const faulty = (i: number) => Number((entries[i]?.faults.length ?? 0) > 0)
  // What must be mended stands first.
  const order = [...entries.keys()].sort((a, b) => faulty(b) - faulty(a) || a - b)
  const wrong = entries.filter(entry => entry.faults.length > 0).length
  return (
    <>
      <p className={styles.sum} role="status">
        {count(chosen.length, 'agent')} of {entries.length.toLocaleString('en-US')} would be made
        {wrong > 0 && ` · ${wrong.toLocaleString('en-US')} cannot be made as ${wrong === 1 ? 'it is' : 'they are'}`}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard */}
      <ul ref={scroller} className={styles.entries} aria-label="Agents of the file" tabIndex={0}>
        <li style={{ height: rows.getTotalSize() }} aria-hidden />
        {rows.getVirtualItems().map(({ index: row, start }) => {
          const index = order[row] ?? row
          const entry = entries[index]
          return (
            entry && (
              <li
                key={index}
                ref={rows.measureElement}
                data-index={row}
                className={styles.entry}
                style={{ transform: `translateY(${start}px)` }}
              >
                <Entry entry={entry} index={index} work={work} />
              </li>
            )
          )
        })}
      </ul>
    </>
  )
}

function Entry({ entry, index, work }: { entry: Import['entries'][number]; index: number; work: ImportWork }) {
  const { name, faults, notes } = entry
  const given = work.agents[index]
  const isObject = typeof given === 'object' && given !== null && !Array.isArray(given)
  const of = (path: string) => isObject && faults.some(fault => fault.path === path)
  const shown = name === '' ? `Entry ${index + 1}` : name
  return (
    <>
      <input
        type="checkbox"
        aria-label={`Import ${isolated(shown)}`}
        checked={work.chosen.includes(index)}
        disabled={faults.length > 0}
        onChange={() => work.toggle(index)}
      />
      <span className={styles.words}>
        <b className="truncate" title={isolated(shown)}>
          <Said>{shown}</Said>
        </b>
        {faults.map(fault => (
          <span key={fault.path} className={styles.fault}>
            <Glyph tone="failed" />
            <span>
              <Said>{fault.path}</Said>: <Said>{fault.message}</Said>
            </span>
          </span>
        ))}
        {notes.map(note => (
          <span key={note}>
            <Said>{note}</Said>
          </span>
        ))}
      </span>
      {of('name') && <Rename name={name} busy={work.busy} onRename={text => work.change(index, { name: text })} />}
      {of('runtime') && (
        <Button small disabled={work.busy} onClick={() => work.change(index, { runtime: null })}>
          Use the best runtime
        </Button>
      )}
    </>
  )
}

function Rename({ name, busy, onRename }: { name: string; busy: boolean; onRename: (name: string) => void }) {
  const [text, setText] = useState(name.slice(0, 90) + (name === '' ? '' : ' 2'))
  return (
    <form
      className={styles.rename}
      onSubmit={event => {
        event.preventDefault()
        if (text.trim() !== '') onRename(text.trim())
      }}
    >
      <input
        aria-label={`Other name for ${isolated(name)}`}
        maxLength={100}
        value={text}
        onChange={event => setText(event.target.value)}
      />
      <Button small type="submit" disabled={busy || text.trim() === ''}>
        Rename
      </Button>
    </form>
  )
}
