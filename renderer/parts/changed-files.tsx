import type { ChangedFile, RunChanges } from '#contract/runs/changed-files'
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
  /** How many results of tools the page saw. */
  results: number
  onOpen: (path: string) => void
  /** The file that is shown. */
  current?: string
}

/** Files that a run changed, each one line that opens its changes. */
export function ChangedFiles({ run, results, onOpen, current }: Props) {
  const files = useChangedFiles(run, results)
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

export function useChanges(run: Run, results: number): RunChanges | undefined {
  return useRunChanges(run.id, isEnded(run.status) ? endOfRun : results).data
}

export function useChangedFiles(run: Run, results: number): readonly ChangedFile[] {
  return useChanges(run, results)?.data ?? none
}

const none: readonly ChangedFile[] = []

/** Lines of several edits of one file overlap, so that their sum would say too much. */
export function areSums(files: readonly ChangedFile[]): boolean {
  return files.every(file => file.known === 'checkpoint' || file.edits === 1)
}

/** What all came to. */
export function ChangedSum({ files }: { files: readonly ChangedFile[] }) {
  if (!areSums(files)) return count(files.length, 'file')
  const sum = (part: 'added' | 'removed') => files.reduce((total, file) => total + (file[part] ?? 0), 0)
  return <LineCounts added={sum('added')} removed={sum('removed')} />
}

interface FileLineProps {
  run: Run
  file: ChangedFile
  current: boolean
  onOpen: () => void
}

const letters: Record<ChangedFile['status'], string> = {
  added: 'A',
  modified: 'M',
  removed: 'D',
  renamed: 'R',
  retyped: 'T'
}

function FileLine({ run, file, current, onOpen }: FileLineProps) {
  return (
    <button
      type="button"
      className={styles.file}
      aria-current={current ? 'true' : undefined}
      title={visible(file.oldPath === null ? file.path : `${file.oldPath} → ${file.path}`)}
      onClick={onOpen}
    >
      <b aria-hidden>{letters[file.status]}</b>
      <span className="hidden-label">{file.status}</span>
      <span className={styles.path}>
        <Said>{pathInRun(file.path, run)}</Said>
      </span>
      <Extent file={file} />
    </button>
  )
}

function Extent({ file: { known, edits, added, removed, binary, kind } }: { file: ChangedFile }) {
  if (known === 'edits' && edits > 1) return <span className={styles.edits}>{edits} edits</span>
  if (added !== null && removed !== null && kind === 'file') return <LineCounts added={added} removed={removed} />
  return <span className={styles.edits}>{kind === 'file' ? (binary ? 'binary' : 'large') : kind}</span>
}
