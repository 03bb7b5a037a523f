import { useState } from 'react'
import { type FolderVerdict, judgeFolder } from '#contract/runners/folder-rule'
import type { Runner } from '#contract/runners/runners'
import { Field, TextInput } from '../../ui/field.tsx'
import { Status } from '../../ui/glyph.tsx'
import { Said } from '../../ui/said.tsx'
import styles from './runners.module.css'

const refusals: Record<Exclude<FolderVerdict, 'allowed'>, string> = {
  'not absolute': 'Name the whole path, from the root.',
  'data folder': 'Refused: it lies in the data folder of Flotilla.',
  elsewhere: 'Refused: it lies in none of the allowed folders.'
}

/** Where agents may start, and by the same rule that the runner applies whether they might in a folder that is typed. */
export function FolderCheck({ runner }: { runner: Runner }) {
  const { allowedDirs, dataDir, platform, kind } = runner
  const [folder, setFolder] = useState('')
  const verdict = folder.trim() === '' ? null : judgeFolder(folder.trim(), { platform, allowedDirs, dataDir })
  return (
    <>
      {allowedDirs.length === 0 ? (
        <p>None: agents work in private folders, and any other is refused.</p>
      ) : (
        <ul className={styles.folders}>
          {allowedDirs.map(dir => (
            <li key={dir}>
              <Said>{dir}</Said>
            </li>
          ))}
        </ul>
      )}
      {allowedDirs.length > 0 && <p>And what lies below. Anything else is refused.</p>}
      <p>
        {kind === 'builtin'
          ? 'They are set where Flotilla is started: --allowed-dirs, or ALLOWED_DIRS.'
          : 'They are set where this runner is started: ALLOWED_DIRS.'}
      </p>
      <div className={styles.check}>
        <Field label="Would it work there?">
          {control => (
            <TextInput
              {...control}
              mono
              autoComplete="off"
              spellCheck={false}
              placeholder={platform === 'win32' ? 'C:\\Code\\app' : '/home/ada/code/app'}
              value={folder}
              onChange={event => setFolder(event.target.value)}
            />
          )}
        </Field>
        <div role="status">
          {verdict === 'allowed' && (
            <>
              <Status tone="done">Allowed</Status>
              <p>Unless it is a link that leads elsewhere, which is found out when a run starts.</p>
            </>
          )}
          {verdict !== null && verdict !== 'allowed' && <p className={styles.refused}>{refusals[verdict]}</p>}
        </div>
      </div>
    </>
  )
}
