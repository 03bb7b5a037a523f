import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { listMcps } from '#contract/fleet/mcps'
import { call } from '../../../lib/call.ts'
import { keys } from '../../../lib/query-keys.ts'
import { TextArea, TextInput } from '../../../ui/field.tsx'
import { Said } from '../../../ui/said.tsx'
import { Radio, Setting, SettingGroup } from './setting.tsx'
import styles from './settings.module.css'
import type { Fields } from './work-fields.tsx'

export function InstructionsSetting({ draft, set, errors }: Fields) {
  return (
    <Setting title="Instructions" note="Told with every run, after the role." error={errors.instructions}>
      {control => (
        <TextArea
          {...control}
          rows={3}
          maxLength={20_000}
          value={draft.instructions}
          onChange={event => set({ instructions: event.target.value })}
        />
      )}
    </Setting>
  )
}

export function McpSetting({ draft, set }: Fields) {
  const group = useId()
  const servers = useQuery({ queryKey: keys.mcps, queryFn: ({ signal }) => call(listMcps, { signal }) }).data?.data
  const known = servers?.map(({ id }) => id) ?? []
  const gone = servers ? draft.mcpIds.filter(id => !known.includes(id)) : []
  const toggle = (id: string) =>
    set({ mcpIds: draft.mcpIds.includes(id) ? draft.mcpIds.filter(one => one !== id) : [...draft.mcpIds, id] })
  return (
    <SettingGroup title="MCP servers" note="Tools it is given.">
      <Radio
        group={group}
        checked={draft.mcps === 'all'}
        onChoose={() => set({ mcps: 'all' })}
        title="All"
        note="Also those that are added later."
      />
      <Radio
        group={group}
        checked={draft.mcps === 'some'}
        onChoose={() => set({ mcps: 'some' })}
        title="Only these"
        note={known.length === 0 && gone.length === 0 && 'There is none yet: it gets none.'}
      />
      {draft.mcps === 'some' &&
        [...(servers ?? []), ...gone.map(id => ({ id, name: `${id}, which is not there any more` }))].map(
          ({ id, name }) => (
            <label key={id} className={styles.radio}>
              <input type="checkbox" checked={draft.mcpIds.includes(id)} onChange={() => toggle(id)} />
              <Said>{name}</Said>
            </label>
          )
        )}
    </SettingGroup>
  )
}

const limits = [
  { field: 'dailyTokens', path: 'limits.dailyTokenBudget', title: 'Tokens a day' },
  { field: 'monthlyTokens', path: 'limits.monthlyTokenBudget', title: 'Tokens a month' }
] as const

/** Money is limited by budgets; these are of the agent alone. */
export function LimitSettings({ draft, set, errors }: Fields) {
  return (
    <>
      {limits.map(({ field, path, title }) => (
        <Setting
          key={field}
          title={title}
          error={errors[path]}
          hint="Empty: no limit. Used up, it takes no new run and running ones are stopped."
        >
          {control => (
            <TextInput
              {...control}
              inputMode="numeric"
              autoComplete="off"
              value={draft[field]}
              onChange={event => set({ [field]: event.target.value })}
            />
          )}
        </Setting>
      ))}
      <Setting title="Warn at" error={errors['limits.alertThreshold']} hint="Percent of a limit that is used.">
        {control => (
          <TextInput
            {...control}
            inputMode="numeric"
            autoComplete="off"
            value={draft.warnPercent}
            onChange={event => set({ warnPercent: event.target.value })}
          />
        )}
      </Setting>
    </>
  )
}
