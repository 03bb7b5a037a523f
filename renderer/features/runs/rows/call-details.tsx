import { Copy } from 'lucide-react'
import { type ComponentType, type ReactNode, useState } from 'react'
import { copy } from '../../../lib/clipboard.ts'
import { visible } from '../../../lib/visible.ts'
import { DiffView } from '../../../parts/diff-view.tsx'
import { JsonView, jsonOf } from '../../../parts/json-view.tsx'
import { Markdown } from '../../../parts/markdown.tsx'
import { Terminal } from '../../../parts/terminal.tsx'
import { IconButton } from '../../../ui/button.tsx'
import type { CallRow } from '../stream/rows.ts'
import styles from './call-row.module.css'
import { NestedRows, type RowProps } from './nested-rows.tsx'

interface Props {
  entry: string
  row: CallRow
  live: boolean
  Nested: ComponentType<RowProps>
}

/** What went in and what came out. The input is left out where the line above has said it all. */
export function CallDetails({ entry, row, live, Nested }: Props) {
  const { use, result, children } = row
  const input = inputText(row)
  const diff = result?.data.diff
  const text = result?.data.text ?? ''
  return (
    <div className={styles.details}>
      {input !== null && (
        <Part title="Input" text={input}>
          {inputObject(row) ? (
            <JsonView value={inputObject(row) ?? {}} label="Input" />
          ) : (
            <Terminal text={visible(input)} />
          )}
        </Part>
      )}
      {children.length > 0 && (
        <div className={styles.nested}>
          <NestedRows entry={entry} rows={children} live={live && result === null} View={Nested} />
        </div>
      )}
      {diff && <DiffView hunks={diff.hunks} label={diff.path} />}
      {result && (!diff || result.data.isError) && (
        <Output text={text} titled={input !== null || children.length > 0} prose={use.toolKind === 'agent'} />
      )}
      <Raw row={row} />
      {!result && children.length === 0 && (
        <p className={styles.empty}>
          {live ? 'Still at work. Its output comes when it is done.' : 'It left no result.'}
        </p>
      )}
    </div>
  )
}

function Output({ text, titled, prose }: { text: string; titled: boolean; prose: boolean }) {
  if (text.trim() === '') return <p className={styles.empty}>No output.</p>
  const json = prose ? undefined : jsonOf(text)
  const body = prose ? (
    <div className={styles.empty}>
      <Markdown text={text} />
    </div>
  ) : json ? (
    <JsonView value={json} label="Result" />
  ) : (
    <Terminal text={text} />
  )
  return titled ? (
    <Part title="Result" text={text}>
      {body}
    </Part>
  ) : (
    body
  )
}

function Part({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <div className={styles.part}>
      <div className={styles.head}>
        {title}
        <IconButton icon={Copy} label={`Copy ${title.toLowerCase()}`} onClick={() => void copy(text)} />
      </div>
      {children}
    </div>
  )
}

/** Both events as they were told, for those who do not trust the rest. */
function Raw({ row: { use, result } }: { row: CallRow }) {
  const [open, setOpen] = useState(false)
  const text = open ? JSON.stringify({ call: use, result: result?.data ?? null }, null, 2) : ''
  return (
    <div className={styles.raw}>
      <button type="button" className={styles.rawButton} aria-expanded={open} onClick={() => setOpen(!open)}>
        Raw
      </button>
      {open && <Terminal text={visible(text)} title="Raw" />}
    </div>
  )
}

/** Input that is more than one text reads best as a tree. */
function inputObject({ use: { input, toolKind } }: CallRow): object | undefined {
  if (typeof input !== 'object' || input === null || toolKind === 'command') return undefined
  return input
}

/** null when the argument in the line is all there is. */
function inputText({ use, result }: CallRow): string | null {
  const { input, argument } = use
  if (input === null || input === undefined || result?.data.diff) return null
  if (typeof input === 'string') return input === argument ? null : input
  const values = Object.values(input as Record<string, unknown>)
  if (values.length === 0 || (values.length === 1 && values[0] === argument)) return null
  const command = (input as { command?: unknown }).command
  if (use.toolKind === 'command' && typeof command === 'string') return command === argument ? null : command
  if (use.toolKind === 'read' || use.toolKind === 'search') return null
  return JSON.stringify(input, null, 2)
}
