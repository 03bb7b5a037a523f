import { FolderOpen } from 'lucide-react'
import { useId } from 'react'
import { folderPicker } from '../../lib/bridge.ts'
import { Button } from '../../ui/button.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { recentFolders } from '../launch.ts'
import styles from './launch.module.css'
import type { Launching } from './use-launch-draft.ts'

/** A path; the desktop can pick one, a browser cannot see the computer's folders. */
export function FolderField({ launching: { draft, set, errors, runner } }: { launching: Launching }) {
  const list = useId()
  const pick = folderPicker()
  const allowed = runner?.allowedDirs.join(', ')
  return (
    <Field label="Folder" error={errors.cwd} hint={allowed && `Agents may work in ${allowed} and what lies below.`}>
      {control => (
        <div className={styles.withButton}>
          <TextInput
            {...control}
            mono
            list={list}
            value={draft.cwd}
            placeholder={`${runner?.allowedDirs[0] ?? ''}/my-project`}
            spellCheck={false}
            autoComplete="off"
            onChange={event => set({ cwd: event.target.value })}
          />
          <datalist id={list}>
            {recentFolders().map(folder => (
              <option key={folder} value={folder} />
            ))}
          </datalist>
          {pick && (
            <Button
              icon={FolderOpen}
              onClick={() => void pick().then(folder => folder && set({ cwd: folder, where: 'folder' }))}
            >
              Choose folder
            </Button>
          )}
        </div>
      )}
    </Field>
  )
}
