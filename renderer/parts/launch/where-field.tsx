import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Folder, FolderLock, RefreshCw } from 'lucide-react'
import { useId } from 'react'
import { type Runner, refreshRuntimes } from '#contract/runners/runners'
import { call, wordsOf } from '../../lib/call.ts'
import { keys } from '../../lib/query-keys.ts'
import { Button } from '../../ui/button.tsx'
import { Choice } from '../../ui/choice.tsx'
import { Glyph, Status } from '../../ui/glyph.tsx'
import { BesideField } from './beside-field.tsx'
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
      {draft.where === 'folder' && <BesideField launching={launching} />}
      {runner?.status === 'online' && <RunnerWarnings runner={runner} />}
    </div>
  )
}

/** What agents would find otherwise than their user expects. */
function RunnerWarnings({ runner }: { runner: Runner }) {
  const queries = useQueryClient()
  const again = useMutation({
    mutationFn: () => call(refreshRuntimes, { params: { id: runner.id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.runners })
  })
  if (runner.warnings.length === 0) return null
  return (
    <div role="status" className={styles.remedy}>
      {runner.warnings.map(({ code, message }) => (
        <p key={code} className={styles.warning}>
          <Glyph tone="waiting" size={12} /> {message}
        </p>
      ))}
      {again.error && (
        <p className={styles.fault} role="alert">
          {wordsOf(again.error)}
        </p>
      )}
      <Button small icon={RefreshCw} disabled={again.isPending} onClick={() => again.mutate()}>
        Check again
      </Button>
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
