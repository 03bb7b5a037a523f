import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { listMcps } from '#contract/fleet/mcps'
import { call } from '../../lib/call.ts'
import { keys } from '../../lib/query-keys.ts'
import styles from '../../ui/forms/setting.module.css'
import { Radio, SettingGroup } from '../../ui/forms/setting.tsx'
import { Said } from '../../ui/said.tsx'

interface McpDraft {
  mcps: 'all' | 'some'
  mcpIds: readonly string[]
}

interface Props {
  draft: McpDraft
  set: (change: Partial<McpDraft>) => void
  /** What it is given where none is named, and what that means. */
  all: string
  note: string
}

/** Which MCP servers it is given. */
export function McpSetting({ draft, set, all, note }: Props) {
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
        title={all}
        note={note}
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
