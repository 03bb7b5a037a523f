import { Braces, Plus, X } from 'lucide-react'
import { useId, useRef } from 'react'
import { givenVariables } from '#contract/work/flow-variables'
import { isolated } from '../../../lib/visible.ts'
import { useAgents } from '../../../parts/agents.ts'
import { nextRunner, useRunners } from '../../../parts/runners.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Select, TextArea, TextInput } from '../../../ui/field.tsx'
import settings from '../../../ui/forms/setting.module.css'
import { Setting, SettingGroup } from '../../../ui/forms/setting.tsx'
import { Menu, MenuItem } from '../../../ui/menu.tsx'
import type { FlowDraft } from './flow-draft.ts'
import styles from './flow-editor.module.css'

export interface Fields {
  draft: FlowDraft
  set: (change: Partial<FlowDraft>) => void
  /** By the names of the API. */
  errors: Readonly<Record<string, string>>
}

export function TitleSettings({ draft, set, errors }: Fields) {
  return (
    <>
      <Setting title="Title" error={errors.title}>
        {control => (
          <div className={settings.wide}>
            <TextInput
              {...control}
              autoFocus={draft.title === ''}
              maxLength={200}
              autoComplete="off"
              value={draft.title}
              onChange={event => set({ title: event.target.value })}
            />
          </div>
        )}
      </Setting>
      <Setting title="Description" note="For people." error={errors.description}>
        {control => (
          <TextArea
            {...control}
            rows={1}
            maxLength={20_000}
            value={draft.description}
            onChange={event => set({ description: event.target.value })}
          />
        )}
      </Setting>
      <Setting title="Sign" error={errors.icon} hint="An emoji or a few letters, ahead of its title.">
        {control => (
          <TextInput
            {...control}
            maxLength={16}
            autoComplete="off"
            value={draft.icon}
            onChange={event => set({ icon: event.target.value })}
          />
        )}
      </Setting>
    </>
  )
}

/** A variable goes where the caret stands, or stood. */
export function PromptSetting({ draft, set, errors }: Fields) {
  const area = useRef<HTMLTextAreaElement>(null)
  const own = draft.variables.map(({ name }) => name.trim()).filter(Boolean)
  const insert = (name: string) => {
    const at = area.current?.selectionStart ?? draft.prompt.length
    const mark = `{{${name}}}`
    set({ prompt: draft.prompt.slice(0, at) + mark + draft.prompt.slice(area.current?.selectionEnd ?? at) })
    requestAnimationFrame(() => {
      area.current?.focus()
      area.current?.setSelectionRange(at + mark.length, at + mark.length)
    })
  }
  return (
    <Setting title="Prompt" note="What the agent is told." error={errors.prompt}>
      {control => (
        <>
          <TextArea
            {...control}
            ref={area}
            rows={4}
            maxLength={200_000}
            value={draft.prompt}
            onChange={event => set({ prompt: event.target.value })}
          />
          <Menu
            trigger={
              <Button small icon={Braces}>
                Insert a variable
              </Button>
            }
          >
            {own.map(name => (
              <MenuItem key={name} note="Its own" onSelect={() => insert(name)}>
                {isolated(name)}
              </MenuItem>
            ))}
            {Object.entries(givenVariables).map(([name, what]) => (
              <MenuItem key={name} note={what} onSelect={() => insert(name)}>
                {name}
              </MenuItem>
            ))}
          </Menu>
        </>
      )}
    </Setting>
  )
}

/** Values that the prompt can name; a run by hand may be given others. */
export function VariableSetting({ draft: { variables }, set, errors }: Fields) {
  const id = useId()
  const change = (at: number, row: Partial<(typeof variables)[number]>) =>
    set({ variables: variables.map((one, n) => (n === at ? { ...one, ...row } : one)) })
  const fault = Object.entries(errors).find(([path]) => path === 'variables' || path.startsWith('variables.'))?.[1]
  return (
    <SettingGroup title="Variables" note="Of its own, for the prompt.">
      {variables.map((variable, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the place of a row is its name
        <div key={at} className={styles.row}>
          <TextInput
            mono
            aria-label={`Name of variable ${at + 1}`}
            aria-invalid={fault !== undefined || undefined}
            aria-describedby={fault === undefined ? undefined : id}
            placeholder="name"
            maxLength={64}
            autoComplete="off"
            spellCheck={false}
            value={variable.name}
            onChange={event => change(at, { name: event.target.value })}
          />
          <TextInput
            aria-label={`Value of variable ${at + 1}`}
            placeholder="value"
            autoComplete="off"
            value={variable.value}
            onChange={event => change(at, { value: event.target.value })}
          />
          <IconButton
            icon={X}
            label={`Take variable ${at + 1} out`}
            onClick={() => set({ variables: variables.filter((_, n) => n !== at) })}
          />
        </div>
      ))}
      {fault !== undefined && (
        <p id={id} className={settings.error}>
          {fault}
        </p>
      )}
      <Button small icon={Plus} onClick={() => set({ variables: [...variables, { name: '', value: '' }] })}>
        Add a variable
      </Button>
    </SettingGroup>
  )
}

export function AgentSetting({ draft, set, errors }: Fields) {
  const list = useId()
  const agents = useAgents().data ?? []
  const agent = agents.find(({ id }) => id === draft.agentId)
  const runtimes = nextRunner(useRunners().data?.data)?.runtimes ?? []
  const models = runtimes.find(({ id }) => id === agent?.runtime)?.capabilities.models ?? []
  return (
    <>
      <Setting title="Agent" note="Who does it." error={errors.agentId}>
        {control => (
          <Select {...control} value={draft.agentId} onChange={event => set({ agentId: event.target.value })}>
            <option value="">Choose an agent</option>
            {agents.map(({ id, name }) => (
              <option key={id} value={id}>
                {isolated(name)}
              </option>
            ))}
            {draft.agentId !== '' && !agent && <option value={draft.agentId}>One that is gone, or archived</option>}
          </Select>
        )}
      </Setting>
      <Setting title="Model" error={errors.model} hint="Empty: that of the agent.">
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
    </>
  )
}
