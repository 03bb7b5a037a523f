import { Folder, FolderLock } from 'lucide-react'
import { useId } from 'react'
import type { Runner } from '#contract/runners/runners'
import { Choice } from '../../../ui/choice.tsx'
import { Status } from '../../../ui/glyph.tsx'
import { FolderField } from './folder-field.tsx'
import styles from './launch.module.css'
import type { Launching } from './use-launch-draft.ts'

export function WhereField({ launching }: { launching: Launching }) {
  const { draft, set, runner } = launching
  const group = useId()
  return (
    <div className={styles.stack}>
      <div className={styles.pair}>
        <Choice
          group={group}
          checked={draft.where === 'folder'}
          onChoose={() => set({ where: 'folder' })}
          icon={Folder}
          title="A folder on this computer"
          note={<Noted words="The agent works in the folder you name." runner={runner} />}
        />
        <Choice
          group={group}
          checked={draft.where === 'private'}
          onChoose={() => set({ where: 'private' })}
          icon={FolderLock}
          title="A private folder"
          note={<Noted words="New and empty, made for this run alone." runner={runner} />}
        />
      </div>
      {draft.where === 'folder' && <FolderField launching={launching} />}
    </div>
  )
}

function Noted({ words, runner }: { words: string; runner: Runner | undefined }) {
  const name = runner?.kind === 'remote' ? `Runner ${runner.name}` : 'The local runner'
  const online = runner?.status === 'online'
  return (
    <>
      {words}
      <span className={styles.state}>
        <Status tone={online ? 'done' : 'queued'}>{online ? `${name} is online` : 'No runner is online yet'}</Status>
      </span>
    </>
  )
}
