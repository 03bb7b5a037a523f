import { FileUp } from 'lucide-react'
import { type DragEvent, useState } from 'react'
import { Said } from '../../../ui/said.tsx'
import styles from './import-page.module.css'

/** A file is chosen, or dropped on it. */
export function ImportChoice({ name, onFile }: { name: string | null; onFile: (file: File) => void }) {
  const [over, setOver] = useState(false)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const [file] = event.dataTransfer.files
    if (file) onFile(file)
  }
  return (
    <label
      className={styles.choice}
      data-over={over || undefined}
      onDragOver={event => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <FileUp size={20} strokeWidth={1.5} aria-hidden />
      <span className={styles.words}>
        <b>{name === null ? 'Choose a file, or drop it here' : <Said>{name}</Said>}</b>
        <span>
          {name === null
            ? 'Agents that Export wrote, as JSON: at most 1,000 and 10 MB. Nothing is made before you have seen it.'
            : 'Choose another file, or drop it here'}
        </span>
      </span>
      <input
        type="file"
        accept=".json,application/json"
        className={styles.file}
        aria-label="File of agents"
        onChange={event => {
          const [file] = event.target.files ?? []
          if (file) onFile(file)
          // The same file, mended meanwhile, may be chosen again.
          event.target.value = ''
        }}
      />
    </label>
  )
}
