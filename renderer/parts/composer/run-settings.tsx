import { ChevronDown, ShieldCheck } from 'lucide-react'
import type { RuntimeCapabilities } from '#contract/runners/runners'
import { isEnded, type PermissionMode, type Run } from '#contract/runs/runs'
import { Button } from '../../ui/button.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { toastFailure } from '../../ui/toast.tsx'
import { permissionNote, permissionOrder, permissionWords } from '../permission-words.ts'
import { type Otherwise, useRunActions } from '../runs.ts'
import styles from './composer.module.css'

interface Props {
  run: Run
  capabilities: RuntimeCapabilities
  /** What the next run is to do otherwise. */
  next: Otherwise
  onNext: (next: Otherwise) => void
}

/** Permission mode and model: of a live run, where its runtime can change them on the way; else of the run that follows. */
export function RunSettings({ run, capabilities, next, onNext }: Props) {
  const { change } = useRunActions(run.id)
  if (isEnded(run.status)) return <NextSettings before={run} capabilities={capabilities} next={next} onNext={onNext} />
  if (!capabilities.changeWhileRunning || capabilities.oneTurnModes?.includes(run.permissionMode)) return null
  const set = (body: Otherwise) => change.mutate(body, { onError: toastFailure })
  return <Settings now={run} capabilities={capabilities} disabled={change.isPending} ofNext={false} onSet={set} />
}

interface NextProps extends Omit<Props, 'run'> {
  /** How it would be if nothing else was said. */
  before: Now
}

/** Permission mode and model of a run that is yet to start. */
export function NextSettings({ before, capabilities, next, onNext }: NextProps) {
  return (
    <Settings
      now={{ ...before, ...next }}
      capabilities={capabilities}
      disabled={false}
      ofNext
      onSet={body => onNext({ ...next, ...body })}
    />
  )
}

type Now = Pick<Run, 'permissionMode' | 'model'>

interface SettingsProps extends Common {
  now: Now
  capabilities: RuntimeCapabilities
  onSet: (body: Otherwise) => void
}

function Settings({ now, capabilities, onSet, ...common }: SettingsProps) {
  return (
    <>
      <ModeMenu
        {...common}
        capabilities={capabilities}
        mode={now.permissionMode}
        onMode={permissionMode => onSet({ permissionMode })}
      />
      <ModelMenu {...common} offered={capabilities.models} model={now.model} onModel={model => onSet({ model })} />
    </>
  )
}

interface Common {
  disabled: boolean
  ofNext: boolean
}

interface ModeProps extends Common {
  capabilities: RuntimeCapabilities
  mode: PermissionMode
  onMode: (mode: PermissionMode) => void
}

function ModeMenu({ capabilities, mode, onMode, disabled, ofNext }: ModeProps) {
  const offered = permissionOrder.filter(one => capabilities.permissionModes.includes(one))
  if (offered.length < 2) return null
  const { title } = permissionWords[mode]
  return (
    <Menu
      trigger={
        <Button small look="ghost" icon={ShieldCheck} disabled={disabled}>
          <span className={styles.withChevron}>
            <span className="hidden-label">{ofNext ? 'Permissions of the next run:' : 'Permissions:'}</span>
            {title} <ChevronDown size={13} aria-hidden />
          </span>
        </Button>
      }
    >
      {offered.map(one => (
        <MenuItem
          key={one}
          checked={one === mode}
          note={permissionNote(one, capabilities)}
          onSelect={() => onMode(one)}
        >
          {permissionWords[one].title}
        </MenuItem>
      ))}
    </Menu>
  )
}

interface ModelProps extends Common {
  offered: RuntimeCapabilities['models']
  model: string | null
  onModel: (model: string) => void
}

function ModelMenu({ offered, model, onModel, disabled, ofNext }: ModelProps) {
  if (offered.length === 0) return null
  const title = offered.find(({ id }) => id === model)?.title ?? model ?? 'Default model'
  return (
    <Menu
      trigger={
        <Button small look="ghost" disabled={disabled}>
          <span className={styles.withChevron}>
            <span className="hidden-label">{ofNext ? 'Model of the next run:' : 'Model:'}</span>
            <span className="truncate">{title}</span> <ChevronDown size={13} aria-hidden />
          </span>
        </Button>
      }
    >
      {offered.map(one => (
        <MenuItem key={one.id} checked={one.id === model} onSelect={() => onModel(one.id)}>
          {one.title}
        </MenuItem>
      ))}
    </Menu>
  )
}
