import { Brain, CircleAlert, TriangleAlert, UserRound } from 'lucide-react'
import type { ReactNode } from 'react'
import { plainText } from '../../../lib/ansi.ts'
import { clock } from '../../../lib/format.ts'
import { visible } from '../../../lib/visible.ts'
import { Said } from '../../../ui/said.tsx'
import { Markdown } from '../../markdown.tsx'
import type { Item } from '../stream/items.ts'
import { useOpened } from '../stream/opened.ts'
import type { Row } from '../stream/rows.ts'
import { Entry, Line } from './entry.tsx'
import styles from './text-rows.module.css'

interface Props<Type extends Row['type']> {
  entry: string
  row: Extract<Row, { type: Type }>
}

const longPrompt = 1200

/** `children`: what came with it. */
export function PromptRow({ entry, row, children }: Props<'prompt'> & { children?: ReactNode }) {
  const long = row.text.length > longPrompt
  const [open, toggle] = useOpened(entry, !long)
  return (
    <Entry entry={entry} ts={row.ts} icon={UserRound} name={`You: ${brief(row.text)}`}>
      <div className={styles.prompt} dir="auto">
        <Said>{open ? row.text : `${row.text.slice(0, longPrompt)}…`}</Said>
        {long && (
          <button type="button" className={styles.more} onClick={toggle}>
            {open ? 'Show less' : 'Show all'}
          </button>
        )}
        {children}
      </div>
    </Entry>
  )
}

export function TextRow({ entry, row }: Props<'text'>) {
  return (
    <Entry entry={entry} ts={row.ts} name={`Agent: ${brief(row.text)}`}>
      <div className={styles.say}>
        <Markdown text={plainText(row.text)} />
      </div>
    </Entry>
  )
}

export function ThinkingRow({ entry, row }: Props<'thinking'>) {
  const [open, toggle] = useOpened(entry, false)
  const took = row.tookMs === null || row.tookMs < 1000 ? 'Thought' : `Thought for ${clock(row.tookMs)}`
  if (row.text.trim() === '') {
    return (
      <Entry entry={entry} ts={row.ts} icon={Brain} name={took}>
        <span className={styles.quiet}>{took}</span>
      </Entry>
    )
  }
  return (
    <Entry entry={entry} ts={row.ts} icon={Brain} name={took}>
      <Line
        open={open}
        onToggle={toggle}
        name={<span className={styles.quiet}>{took}</span>}
        argument={
          open ? undefined : (
            <span className={styles.first}>
              <Said>{brief(row.text)}</Said>
            </span>
          )
        }
      />
      {open && (
        <div className={styles.thought}>
          <Said>{row.text}</Said>
        </div>
      )}
    </Entry>
  )
}

export function LiveEntry({ item: { key, block } }: { item: Extract<Item, { type: 'live' }> }) {
  if (block.kind === 'thinking') {
    return (
      <Entry entry={key} ts={null} icon={Brain} name="Thinking">
        <div className={styles.thinking}>
          <span>Thinking</span>
          <span className={styles.tail}>
            <Said>{lastLine(block.text)}</Said>
          </span>
        </div>
      </Entry>
    )
  }
  return (
    <Entry entry={key} ts={null} name="The agent is writing">
      <div className={styles.say}>
        <Markdown text={plainText(block.text)} />
      </div>
    </Entry>
  )
}

export function SystemRow({ entry, row }: Props<'system' | 'ending'>) {
  return (
    <Entry entry={entry} ts={row.ts} name={`System: ${brief(row.text)}`}>
      <p className={styles.system}>
        <Said>{plainText(row.text) || (row.type === 'system' ? row.subtype : '')}</Said>
      </p>
    </Entry>
  )
}

export function ErrorRow({ entry, row }: Props<'error'>) {
  const [first = '', ...rest] = plainText(row.text).split('\n')
  return (
    <Entry
      entry={entry}
      ts={row.ts}
      icon={row.retrying ? CircleAlert : TriangleAlert}
      name={`Error: ${visible(first)}`}
    >
      <div className={styles.error} data-retrying={row.retrying || undefined}>
        <b>
          <Said>{first}</Said>
        </b>
        {rest.length > 0 && (
          <pre>
            <Said>{rest.join('\n')}</Said>
          </pre>
        )}
        {row.retrying && <span>The agent tries again by itself.</span>}
      </div>
    </Entry>
  )
}

function brief(text: string): string {
  const line = visible(text.trim().split('\n', 1)[0] ?? '')
  return line.length > 160 ? `${line.slice(0, 160)}…` : line
}

function lastLine(text: string): string {
  return text.slice(-400).trimEnd().split('\n').at(-1) ?? ''
}
