import { visible } from '../lib/visible.ts'
import styles from './json-view.module.css'

/** Larger ones stay text: a tree of them would hold up the page. */
const longest = 200_000
const entriesShown = 200
const columnsShown = 12

/** What a text holds when it is an object or a list in JSON, else undefined. */
export function jsonOf(text: string): object | undefined {
  const start = text.trimStart()[0]
  if ((start !== '{' && start !== '[') || text.length > longest) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

/** An object as a tree that opens, a list of like objects as a table. */
export function JsonView({ value, label }: { value: object; label: string }) {
  const table = tableOf(value)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, also by keyboard
    <section className={styles.json} tabIndex={0} aria-label={label}>
      {table ? <Table {...table} /> : <Entries value={value} open />}
    </section>
  )
}

function Entries({ value, open }: { value: object; open: boolean }) {
  const entries = Object.entries(value)
  return (
    <ul className={styles.entries}>
      {entries.slice(0, entriesShown).map(([name, inside]) => (
        <li key={name}>
          <Entry name={name} value={inside} open={open && entries.length <= 8} />
        </li>
      ))}
      {entries.length > entriesShown && <li className={styles.note}>… {entries.length - entriesShown} more in Raw</li>}
    </ul>
  )
}

function Entry({ name, value, open }: { name: string; value: unknown; open: boolean }) {
  if (typeof value !== 'object' || value === null) {
    return (
      <>
        <span className={styles.name}>{visible(name)}</span>{' '}
        <span className={styles.value} data-type={typeof value}>
          {visible(String(value))}
        </span>
      </>
    )
  }
  const size = Object.keys(value).length
  return (
    <details open={open}>
      <summary>
        <span className={styles.name}>{visible(name)}</span>{' '}
        <span className={styles.note}>{Array.isArray(value) ? `[${size}]` : `{${size}}`}</span>
      </summary>
      <Entries value={value} open={false} />
    </details>
  )
}

interface TableData {
  columns: string[]
  rows: Record<string, unknown>[]
}

/** Two or more objects with the same few plain fields. */
function tableOf(value: object): TableData | null {
  if (!Array.isArray(value) || value.length < 2 || value.length > entriesShown) return null
  const columns = Object.keys(value[0] ?? {})
  if (columns.length === 0 || columns.length > columnsShown) return null
  const alike = value.every(
    row =>
      typeof row === 'object' &&
      row !== null &&
      Object.keys(row).length === columns.length &&
      columns.every(column => column in row && typeof row[column] !== 'object')
  )
  return alike ? { columns, rows: value } : null
}

function Table({ columns, rows }: TableData) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          {columns.map(column => (
            <th key={column}>{visible(column)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows of a result never move
          <tr key={i}>
            {columns.map(column => (
              <td key={column}>{visible(String(row[column]))}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
