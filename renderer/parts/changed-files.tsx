import type { ChangedFile } from '#contract/runs/changed-files'
import { isEnded, type Run } from '#contract/runs/runs'
import { count } from '../lib/format.ts'
import { visible } from '../lib/visible.ts'
import { Said } from '../ui/said.tsx'
import styles from './changed-files.module.css'
import { LineCounts } from './diff/diff-view.tsx'
import { pathInRun } from './run-folder.ts'
import { endOfRun, useRunChanges } from './runs.ts'

interface Props {
  run: Run
  /** How many edits the page saw. */
  edits: number
  onOpen: (path: string) => void
  /** The file that is shown. */
  current?: string
}

/** Files that a run edited, each one line that opens its changes. */
export function ChangedFiles({ run, edits, onOpen, current }: Props) {
  const files = useChangedFiles(run, edits)
  return (
    <ul className={styles.files}>
      {files.map(file => (
        <li key={file.path}>
          <FileLine run={run} file={file} current={file.path === current} onOpen={() => onOpen(file.path)} />
        </li>
      ))}
    </ul>
  )
}

export function useChangedFiles(run: Run, edits: number): readonly ChangedFile[] {
  return useRunChanges(run.id, isEnded(run.status) ? endOfRun : edits).data?.data ?? none
}

const none: readonly ChangedFile[] = []

/** What all came to. Lines of several edits of one file overlap, so that their sum would say too much. */
export function ChangedSum({ files }: { files: readonly ChangedFile[] }) {
  if (files.some(file => file.edits > 1)) return count(files.length, 'file')
  const sum = (part: 'added' | 'removed') => files.reduce((total, file) => total + file[part], 0)
  return <LineCounts added={sum('added')} removed={sum('removed')} />
}

interface FileLineProps {
  run: Run
  file: ChangedFile
  current: boolean
  onOpen: () => void
}

function FileLine({ run, file, current, onOpen }: FileLineProps) {
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
      {file.edits > 1 ? <span className={styles.edits}>{file.edits} edits</span> : <LineCounts {...file} />}
    </button>
  )
}
