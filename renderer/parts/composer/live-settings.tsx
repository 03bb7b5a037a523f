import { ChevronDown, ShieldCheck } from 'lucide-react'
import type { RuntimeReport } from '#contract/runners/runners'
import { isEnded, type Run } from '#contract/runs/runs'
import { Button } from '../../ui/button.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { toastFailure } from '../../ui/toast.tsx'
import { permissionOrder, permissionWords } from '../permission-words.ts'
import { useRunActions } from '../runs.ts'
import styles from './composer.module.css'

/** Permission mode and model of a live run, where the runtime can change them on the way. */
export function LiveSettings({ run, report: { capabilities } }: { run: Run; report: RuntimeReport }) {
  const { change } = useRunActions(run.id)
  if (isEnded(run.status) || !capabilities.changeWhileRunning) return null
  const modes = permissionOrder.filter(mode => capabilities.permissionModes.includes(mode))
  const set = (body: Parameters<typeof change.mutate>[0]) => change.mutate(body, { onError: toastFailure })
  return (
    <>
      {modes.length > 1 && (
        <Menu
          trigger={
            <Button small look="ghost" icon={ShieldCheck} disabled={change.isPending}>
              <span className={styles.withChevron}>
                {permissionWords[run.permissionMode].title} <ChevronDown size={13} aria-hidden />
              </span>
            </Button>
          }
        >
          {modes.map(mode => (
            <MenuItem
              key={mode}
              checked={mode === run.permissionMode}
              note={permissionWords[mode].note}
              onSelect={() => set({ permissionMode: mode })}
            >
              {permissionWords[mode].title}
            </MenuItem>
          ))}
        </Menu>
      )}
      {capabilities.models.length > 0 && (
        <Menu
          trigger={
            <Button small look="ghost" disabled={change.isPending}>
              <span className={styles.withChevron}>
                {run.model ?? 'Default model'} <ChevronDown size={13} aria-hidden />
              </span>
            </Button>
          }
        >
          {capabilities.models.map(({ id, title }) => (
            <MenuItem key={id} checked={id === run.model} onSelect={() => set({ model: id })}>
              {title}
            </MenuItem>
          ))}
        </Menu>
      )}
    </>
  )
}
