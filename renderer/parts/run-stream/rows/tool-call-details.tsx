import { Copy } from 'lucide-react'
import { type ComponentType, type ReactNode, useId, useState } from 'react'
import { copy } from '../../../lib/clipboard.ts'
import { visible } from '../../../lib/visible.ts'
import { IconButton } from '../../../ui/button.tsx'
import { type Tab, Tabs } from '../../../ui/tabs.tsx'
import { DiffView } from '../../diff/diff-view.tsx'
import { JsonView, jsonOf } from '../../json-view.tsx'
import { Markdown } from '../../markdown.tsx'
import { useSearchWords } from '../../search-words.ts'
import { Terminal } from '../../terminal/terminal.tsx'
import type { ToolCallRow } from '../stream/rows.ts'
import { hasFailed } from '../stream/tool-call-outcome.ts'
import { NestedRows, type RowProps } from './nested-rows.tsx'
import styles from './tool-call-row.module.css'

interface Props {
  entry: string
  row: ToolCallRow
  live: boolean
  stopped: boolean
  /** The choice between input, result and raw is shown. */
  parts: boolean
  Nested: ComponentType<RowProps>
}

type Part = 'input' | 'result' | 'raw'

const tabs: readonly Tab<Part>[] = [
  { id: 'input', title: 'Input' },
  { id: 'result', title: 'Result' },
  { id: 'raw', title: 'Raw' }
]

/** What went in, what came out, and both as they were told. */
export function ToolCallDetails({ entry, row, live, stopped, parts, Nested }: Props) {
  const [chosen, choose] = useState<Part | null>(null)
  const panel = useId()
  const input = inputText(row)
  const lookedForIn = useSearchWords(({ words }) => partWith(words, row, input))
  const shown = chosen ?? lookedForIn ?? (row.result || row.children.length > 0 || input === '' ? 'result' : 'input')
  return (
    <div className={styles.details}>
      {parts && (
        <div className={styles.parts}>
          <Tabs label="Parts of the call" tabs={tabs} chosen={shown} onChoose={choose} panel={panel} />
          <IconButton icon={Copy} label={`Copy ${shown}`} onClick={() => void copy(textOf(shown, row, input))} />
        </div>
      )}
      <div id={panel} {...(parts && { role: 'tabpanel', 'aria-label': tabs.find(tab => tab.id === shown)?.title })}>
        {shown === 'input' && <Input row={row} text={input} />}
        {shown === 'result' && <Result entry={entry} row={row} live={live} stopped={stopped} Nested={Nested} />}
        {shown === 'raw' && <Terminal text={visible(textOf('raw', row, input))} title="Raw" />}
      </div>
    </div>
  )
}

function Input({ row: { use }, text }: { row: ToolCallRow; text: string }) {
  if (text === '') return <p className={styles.empty}>No input.</p>
  if (typeof use.input === 'object' && use.input !== null && use.toolKind !== 'command')
    return <JsonView value={use.input} label="Input" />
  return <Terminal text={visible(text)} title="Input" />
}

function Result({ entry, row, live, stopped, Nested }: Omit<Props, 'parts'>) {
  const { use, result, children } = row
  const diff = result?.data.diff
  return (
    <>
      {children.length > 0 && (
        <div className={styles.nested}>
          <NestedRows entry={entry} rows={children} live={live && result === null} stopped={stopped} View={Nested} />
        </div>
      )}
      {diff && <DiffView hunks={diff.hunks} label={diff.path} />}
      {result && (!diff || result.data.isError) && (
        <Output text={result.data.text} prose={use.toolKind === 'agent'} failed={hasFailed(row)} />
      )}
      {!result && children.length === 0 && (
        <p className={styles.empty}>
          {live ? 'Still at work. Its output comes when it is done.' : 'It left no result.'}
        </p>
      )}
    </>
  )
}

function Output({ text, prose, failed }: { text: string; prose: boolean; failed: boolean }): ReactNode {
  if (text.trim() === '') return <p className={styles.empty}>No output.</p>
  if (prose) {
    return (
      <div className={styles.empty}>
        <Markdown text={text} />
      </div>
    )
  }
  const json = jsonOf(text)
  return json ? <JsonView value={json} label="Result" /> : <Terminal text={text} failed={failed} />
}

/** The part that holds what is looked for, when the result does not. */
function partWith(words: string, { result }: ToolCallRow, input: string): Part | null {
  const wanted = words.trim().toLowerCase()
  if (wanted === '' || result?.data.text.toLowerCase().includes(wanted)) return null
  return input.toLowerCase().includes(wanted) ? 'input' : null
}

function textOf(part: Part, { use, result }: ToolCallRow, input: string): string {
  if (part === 'input') return input
  if (part === 'result') return result?.data.text ?? ''
  return JSON.stringify({ call: use, result: result?.data ?? null }, null, 2)
}

/** A command as it was typed, anything else as JSON; '' when there was none. */
function inputText({ use: { input, toolKind } }: ToolCallRow): string {
  if (input === null || input === undefined) return ''
  if (typeof input === 'string') return input
  const { command } = input as { command?: unknown }
  if (toolKind === 'command' && typeof command === 'string') return command
  return Object.keys(input).length === 0 ? '' : JSON.stringify(input, null, 2)
}
