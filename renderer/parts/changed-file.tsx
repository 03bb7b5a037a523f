import type { ReactNode } from 'react'
import type { FileChange, Run } from '#contract/runs/runs'
import { visible } from '../lib/visible.ts'
import { Said } from '../ui/said.tsx'
import styles from './changed-file.module.css'
import { pathInRun } from './run-folder.ts'

interface Props {
  run: Run
  file: FileChange
  current?: boolean
  onOpen: () => void
  /** What it came to, at the end of the line. */
  children: ReactNode
}

/** A file that a run changed, as one line of a list. */
export function ChangedFile({ run, file, current, onOpen, children }: Props) {
  return (
    <button
      type="button"
      className={styles.file}
      aria-current={current ? 'true' : undefined}
      title={visible(file.path)}
      onClick={onOpen}
    >
      <b aria-hidden>{file.created ? 'A' : 'M'}</b>
      <span className="hidden-label">{file.created ? 'added' : 'modified'}</span>
      <span className={styles.path}>
        <Said>{pathInRun(file.path, run)}</Said>
      </span>
      {children}
    </button>
  )
}
