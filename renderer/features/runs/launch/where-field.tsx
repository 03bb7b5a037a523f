import { Folder, FolderLock } from 'lucide-react'
import { useId } from 'react'
import { Choice } from '../../../ui/choice.tsx'
import { FolderField } from './folder-field.tsx'
import styles from './launch.module.css'
import type { Launching } from './use-launch-draft.ts'

export function WhereField({ launching }: { launching: Launching }) {
  const { draft, set } = launching
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
          note="The agent works in the folder you name."
        />
        <Choice
          group={group}
          checked={draft.where === 'private'}
          onChoose={() => set({ where: 'private' })}
          icon={FolderLock}
          title="A private folder"
          note="New and empty, made for this run. Good for a first try."
        />
      </div>
      {draft.where === 'folder' && <FolderField launching={launching} />}
    </div>
  )
}
