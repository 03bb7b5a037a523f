import { ListFilter, MessageSquare } from 'lucide-react'
import type { ChangedFile } from '#contract/runs/changed-files'
import type { Review } from '#contract/runs/review'
import type { Run } from '#contract/runs/runs'
import { visible } from '../../../lib/visible.ts'
import { LineCounts } from '../../../parts/diff/diff-view.tsx'
import { pathInRun } from '../../../parts/run-folder.ts'
import { FindField } from '../../../ui/find-field.tsx'
import { Said } from '../../../ui/said.tsx'
import styles from './file-list.module.css'

interface Props {
  run: Run
  files: readonly ChangedFile[]
  review: Review
  filter: string
  onFilter: (filter: string) => void
  current: string | null
  onChoose: (path: string) => void
  onViewed: (path: string, viewed: boolean) => void
}

const letters: Record<ChangedFile['status'], string> = {
  added: 'A',
  modified: 'M',
  removed: 'D',
  renamed: 'R',
  retyped: 'T'
}

/** The files by folder, each with whether it was looked at. */
export function FileList(props: Props) {
  const { run, files, filter, onFilter } = props
  const folders = Map.groupBy(files, file => folderOf(pathInRun(file.path, run)))
  return (
    <nav className={styles.list} aria-label="Files">
      <FindField
        icon={ListFilter}
        label="Filter files"
        keyLabel="Filter files"
        placeholder="Filter files"
        text={filter}
        onText={onFilter}
        onEscape={() => onFilter('')}
      />
      {[...folders].map(([folder, inside]) => (
        <section key={folder} aria-label={folder}>
          <h2>
            <Said>{folder}</Said>
          </h2>
          <ul>
            {inside.map(file => (
              <FileLine key={file.path} {...props} file={file} />
            ))}
          </ul>
        </section>
      ))}
      {files.length === 0 && <p className={styles.none}>No file fits the filter.</p>}
    </nav>
  )
}

function FileLine({ run, file, review, current, onChoose, onViewed }: Props & { file: ChangedFile }) {
  const viewed = review.viewed.includes(file.path)
  const said = review.comments.filter(({ path }) => path === file.path).length
  const name = pathInRun(file.path, run)
  return (
    <li className={styles.line} data-current={file.path === current || undefined} data-viewed={viewed || undefined}>
      <input
        type="checkbox"
        aria-label={`Viewed ${visible(name)}`}
        checked={viewed}
        onChange={event => onViewed(file.path, event.target.checked)}
      />
      <button
        type="button"
        aria-current={file.path === current ? 'true' : undefined}
        title={visible(file.path)}
        onClick={() => onChoose(file.path)}
      >
        <b aria-hidden>{letters[file.status]}</b>
        <span className="hidden-label">{file.status}</span>
        <span className={styles.name}>
          <Said>{name.slice(name.lastIndexOf('/') + 1)}</Said>
        </span>
        {said > 0 && (
          <span className={styles.said} role="img" aria-label={`${said} comments`}>
            <MessageSquare size={12} aria-hidden /> {said}
          </span>
        )}
        {file.added !== null && file.removed !== null && <LineCounts added={file.added} removed={file.removed} />}
      </button>
    </li>
  )
}

function folderOf(path: string): string {
  const end = path.lastIndexOf('/')
  return end <= 0 ? '/' : path.slice(0, end)
}
