import { FolderOpen } from 'lucide-react'
import { useId } from 'react'
import { type Provider, providers } from '#contract/fleet/agents'
import type { RuntimeReport } from '#contract/runners/runners'
import { folderPicker } from '../../../lib/bridge.ts'
import { recentFolders } from '../../../parts/launch.ts'
import { permissionNote, permissionOrder, permissionWords } from '../../../parts/permission-words.ts'
import { nextRunner, useRunners } from '../../../parts/runners.ts'
import { runtimeState } from '../../../parts/runtime-words.ts'
import { Button } from '../../../ui/button.tsx'
import { Select, TextArea, TextInput } from '../../../ui/field.tsx'
import styles from '../../../ui/forms/setting.module.css'
import { Radio, Setting, SettingGroup } from '../../../ui/forms/setting.tsx'
import { Status } from '../../../ui/glyph.tsx'
import type { SettingsDraft } from './settings-draft.ts'

export interface Fields {
  draft: SettingsDraft
  set: (change: Partial<SettingsDraft>) => void
  /** By the names of the API. */
  errors: Readonly<Record<string, string>>
}

/** Those that need no program of their own, and the one that is chosen. */
export function useRuntimes(chosen: string): readonly RuntimeReport[] {
  const reports = nextRunner(useRunners().data?.data)?.runtimes ?? []
  return reports.filter(report => report.kind !== 'program' || report.id === chosen)
}

export function RuntimeSetting({ draft, set, errors }: Fields) {
  const reports = useRuntimes(draft.runtime)
  const report = reports.find(one => one.id === draft.runtime)
  const state = report && runtimeState(report)
  return (
    <Setting
      title="Runtime"
      note="The program that does the work."
      error={errors.runtime}
      hint={state && <Status tone={state.tone}>{state.words}</Status>}
    >
      {control => (
        <Select {...control} value={draft.runtime} onChange={event => set({ runtime: event.target.value, model: '' })}>
          <option value="">The best one that is ready when it runs</option>
          {reports.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
          {draft.runtime !== '' && !report && <option value={draft.runtime}>{draft.runtime}</option>}
        </Select>
      )}
    </Setting>
  )
}

export function FolderSetting({ draft, set, errors }: Fields) {
  const group = useId()
  const list = useId()
  const pick = folderPicker()
  const allowed = nextRunner(useRunners().data?.data)?.allowedDirs
  return (
    <SettingGroup title="Folder" note="Where it works.">
      <Radio
        group={group}
        checked={draft.where === 'private'}
        onChoose={() => set({ where: 'private' })}
        title="A private folder"
        note="New and empty, made for each conversation."
      />
      <Radio
        group={group}
        checked={draft.where === 'folder'}
        onChoose={() => set({ where: 'folder' })}
        title="A folder on this computer"
        note={allowed && `It may be ${allowed.join(', ')} or lie below.`}
      />
      {draft.where === 'folder' && (
        <div className={`${styles.named} ${styles.wide}`}>
          <TextInput
            mono
            list={list}
            aria-label="Path of the folder"
            aria-invalid={errors.cwd ? true : undefined}
            aria-describedby={errors.cwd ? `${list}-error` : undefined}
            value={draft.cwd}
            placeholder={`${allowed?.[0] ?? ''}/my-project`}
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
            <Button icon={FolderOpen} onClick={() => void pick().then(folder => folder && set({ cwd: folder }))}>
              Choose folder
            </Button>
          )}
        </div>
      )}
      {errors.cwd && (
        <p id={`${list}-error`} className={styles.error}>
          {errors.cwd}
        </p>
      )}
    </SettingGroup>
  )
}

export function ModelSetting({ draft, set, errors }: Fields) {
  const list = useId()
  const models = useRuntimes(draft.runtime).find(({ id }) => id === draft.runtime)?.capabilities.models ?? []
  return (
    <Setting title="Model" error={errors.model} hint="Empty: the runtime’s own choice.">
      {control => (
        <>
          <TextInput
            {...control}
            list={list}
            value={draft.model}
            spellCheck={false}
            autoComplete="off"
            onChange={event => set({ model: event.target.value })}
          />
          <datalist id={list}>
            {models.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </datalist>
        </>
      )}
    </Setting>
  )
}

/** Which runtime an agent of no runtime runs on, and what to ask when its model is away. */
export function ProviderSettings({ draft, set, errors }: Fields) {
  return (
    <>
      <Setting
        title="Provider"
        error={errors.provider}
        hint="Whose models it asks; where no runtime is chosen, the provider’s own runtime does the work."
      >
        {control => (
          <Select
            {...control}
            value={draft.provider}
            onChange={event => set({ provider: event.target.value as '' | Provider })}
          >
            <option value="">That of the runtime</option>
            {providers.map(id => (
              <option key={id} value={id}>
                {id}
              </option>
            ))}
          </Select>
        )}
      </Setting>
      <Setting title="Fallback models" error={errors.fallbackModels} hint="One a line, at most 10.">
        {control => (
          <TextArea
            {...control}
            rows={2}
            spellCheck={false}
            value={draft.fallbackModels}
            onChange={event => set({ fallbackModels: event.target.value })}
          />
        )}
      </Setting>
    </>
  )
}

export function PermissionSetting({ draft, set }: Fields) {
  const group = useId()
  const known = useRuntimes(draft.runtime).find(({ id }) => id === draft.runtime)?.capabilities
  const offered = permissionOrder.filter(
    mode => !known || known.permissionModes.includes(mode) || mode === draft.permissionMode
  )
  return (
    <SettingGroup title="Permissions" note="When it asks you first.">
      {offered.map(mode => (
        <Radio
          key={mode}
          group={group}
          checked={draft.permissionMode === mode}
          onChoose={() => set({ permissionMode: mode })}
          title={permissionWords[mode].title}
          note={permissionNote(mode, known)}
        />
      ))}
    </SettingGroup>
  )
}

export function ToolsSetting({ draft, set, errors }: Fields) {
  return (
    <Setting
      title="Tools that never ask"
      error={errors.allowedTools}
      hint="One a line, as the runtime calls them. All others follow the permissions."
    >
      {control => (
        <TextArea
          {...control}
          rows={2}
          spellCheck={false}
          value={draft.allowedTools}
          onChange={event => set({ allowedTools: event.target.value })}
        />
      )}
    </Setting>
  )
}

export function RoleSetting({ draft, set, errors }: Fields) {
  return (
    <Setting title="Role" note="Told to it before every run." error={errors.role}>
      {control => (
        <TextArea {...control} rows={3} value={draft.role} onChange={event => set({ role: event.target.value })} />
      )}
    </Setting>
  )
}
