import { type FormEvent, type ReactNode, useState } from 'react'
import type { Agent, AgentPatch } from '#contract/fleet/agents'
import { fieldErrorsOf, wordsOf } from '../../../lib/call.ts'
import { focusFirstFault } from '../../../lib/focus.ts'
import { useHotkeys } from '../../../lib/hotkeys.ts'
import { differing, useKeptDraft } from '../../../lib/kept-draft.ts'
import { useChangeAgent } from '../../../parts/agents.ts'
import { McpSetting } from '../../../parts/mcps/mcp-setting.tsx'
import { useMay } from '../../../parts/who.ts'
import { Button } from '../../../ui/button.tsx'
import { toast } from '../../../ui/toast.tsx'
import styles from './agent-config.module.css'
import { IdentitySettings } from './identity-fields.tsx'
import { InstructionsSetting, LimitSettings } from './limit-fields.tsx'
import { draftOf, fieldTitles, type SettingsDraft, settingsOf } from './settings-draft.ts'
import {
  FolderSetting,
  ModelSetting,
  PermissionSetting,
  ProviderSettings,
  RoleSetting,
  RuntimeSetting,
  ToolsSetting
} from './work-fields.tsx'

/** Every setting, and what is changed of them until it is saved. */
export function AgentConfig({ agent }: { agent: Agent }) {
  const { draft, set: setDraft, clear } = useKeptDraft('agent-drafts', agent.id, draftOf(agent))
  const [checked, setChecked] = useState<Record<string, string>>({})
  const change = useChangeAgent(agent.id)
  const may = useMay('write')
  const made = settingsOf(draft)
  const changed = 'errors' in made ? null : differing<AgentPatch>(agent, made.values)
  const set = (typed: Partial<SettingsDraft>) => {
    setDraft(typed)
    setChecked({})
    change.reset()
  }
  const save = (event?: FormEvent) => {
    event?.preventDefault()
    if (!may || change.isPending) return
    if ('errors' in made) {
      setChecked(made.errors)
      return focusFirstFault()
    }
    change
      .mutateAsync(differing<AgentPatch>(agent, made.values))
      .then(() => {
        clear()
        toast('Saved')
      })
      .catch(focusFirstFault)
  }
  const dirty = changed === null || Object.keys(changed).length > 0
  useHotkeys(dirty ? [{ keys: 'mod+s', label: 'Save', inFields: true, run: () => save() }] : [])
  const refused = change.error ? fieldErrorsOf(change.error) : {}
  const fields = { draft, set, errors: { ...refused, ...checked } }
  return (
    <div className={styles.config}>
      <form className={styles.scroll} onSubmit={save} noValidate>
        <fieldset className={styles.all} disabled={!may}>
          <legend className="hidden-label">Settings</legend>
          {!may && <p className={styles.viewer}>Your role may look at these settings, not change them.</p>}
          <Part title="Who it is">
            <IdentitySettings {...fields} own={agent.id} fixed={agent.system} />
          </Part>
          <Part title="How it works">
            <RuntimeSetting {...fields} />
            <ModelSetting {...fields} />
            <ProviderSettings {...fields} />
            <FolderSetting {...fields} />
            <RoleSetting {...fields} />
            <InstructionsSetting {...fields} />
          </Part>
          <Part title="What it may do">
            <PermissionSetting {...fields} />
            <ToolsSetting {...fields} />
            <McpSetting draft={draft} set={set} all="All" note="Also those that are added later." />
          </Part>
          <Part title="What it may use">
            <LimitSettings {...fields} />
          </Part>
        </fieldset>
      </form>
      {dirty && may && (
        <section className={styles.bar} aria-label="Unsaved changes">
          <p>
            {change.error && Object.keys(refused).length === 0 ? (
              <span role="alert">{wordsOf(change.error)}</span>
            ) : (
              wordsOfChange(changed && Object.keys(changed))
            )}
          </p>
          <Button onClick={clear}>Discard</Button>
          <Button look="primary" hotkey="mod+s" disabled={change.isPending} onClick={() => save()}>
            {change.isPending ? 'Saving' : 'Save'}
          </Button>
        </section>
      )}
    </div>
  )
}

/** null: something typed is not right yet. */
function wordsOfChange(changed: readonly string[] | null): string {
  if (changed === null) return 'Something is not right yet. Save shows where.'
  const titles = changed.map(field => fieldTitles[field as keyof typeof fieldTitles] ?? field)
  const list = new Intl.ListFormat('en-GB').format(titles)
  return `${list} changed. It counts from its next run on; a run under way keeps what it started with.`
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles.part}>
      <h2>{title}</h2>
      {children}
    </section>
  )
}
