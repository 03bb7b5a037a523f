import type { Epic } from '#contract/work/tasks'
import { Said } from '../../ui/said.tsx'
import styles from './epics.module.css'

const inks = 4

/** Epics take the inks of charts in the order in which they were made. */
export function Swatch({ epic, epics }: { epic: Epic; epics: readonly Epic[] }) {
  const at = epics.length - 1 - epics.findIndex(one => one.id === epic.id)
  return <i className={styles.swatch} data-ink={(at % inks) + 1} aria-hidden />
}

export function EpicName({ epic, epics }: { epic: Epic; epics: readonly Epic[] }) {
  return (
    <span className={styles.name}>
      <Swatch epic={epic} epics={epics} />
      <span className="truncate">
        <Said>{epic.title}</Said>
      </span>
    </span>
  )
}
