import type { ReactNode } from 'react'
import type { Secret } from '#contract/fleet/secrets'
import { Ago } from '../../ui/ago.tsx'
import { Button } from '../../ui/button.tsx'
import { Status } from '../../ui/glyph.tsx'
import type { Column } from '../../ui/records.tsx'
import styles from './secrets.module.css'

interface Cells<Item> {
  secretOf: (item: Item) => Secret
  /** Who gets it. */
  scope: (item: Item) => ReactNode
  /** What stands in place of its value; undefined: that it is hidden. */
  value?: (item: Item) => ReactNode | undefined
  actions: (item: Item) => ReactNode
}

/** Everything of a secret but its value. */
export function secretColumns<Item>({ secretOf, scope, value, actions }: Cells<Item>): readonly Column<Item>[] {
  const ofSecret = (cell: (secret: Secret) => ReactNode) => (item: Item) => cell(secretOf(item))
  return [
    { title: 'Key', width: 'minmax(0, 1.6fr)', cell: ofSecret(({ key }) => <b className={styles.key}>{key}</b>) },
    { title: 'Scope', width: 'minmax(0, 1fr)', cell: scope },
    {
      title: 'Value',
      width: 'minmax(0, 1.4fr)',
      cell: item =>
        value?.(item) ?? (secretOf(item).readable ? <span className={styles.hidden}>hidden</span> : <Unsealable />)
    },
    {
      title: 'Last used',
      width: '96px',
      cell: ofSecret(({ lastUsedAt }) => (lastUsedAt === null ? 'Never' : <Ago ts={lastUsedAt} ago />))
    },
    { title: 'Updated', width: '96px', cell: ofSecret(({ updatedAt }) => <Ago ts={updatedAt} ago />) },
    { title: '', width: '160px', cell: actions }
  ]
}

function Unsealable() {
  return (
    <>
      <Status tone="failed">Cannot be read</Status>
      <span className={styles.note}>
        It was sealed with another data key. Put that key back, or replace the value; until then no run gets it.
      </span>
    </>
  )
}

interface ChangeProps {
  secret: Secret
  onReplace: () => void
  onDelete: () => void
}

export function ChangeSecret({ secret: { key }, onReplace, onDelete }: ChangeProps) {
  return (
    <>
      <Button small aria-label={`Replace ${key}`} onClick={onReplace}>
        Replace
      </Button>
      <Button small look="danger" aria-label={`Delete ${key}`} onClick={onDelete}>
        Delete
      </Button>
    </>
  )
}
