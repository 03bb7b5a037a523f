import { useAgents } from '../../../parts/agents.ts'
import { Avatar } from '../../../ui/avatar.tsx'
import { TextInput } from '../../../ui/field.tsx'
import styles from '../../../ui/forms/setting.module.css'
import { Setting } from '../../../ui/forms/setting.tsx'
import { Status } from '../../../ui/glyph.tsx'
import type { Fields } from './work-fields.tsx'

/** The only must. Whether it is free is said as it is typed; the server has the last word. */
export function NameSetting({ draft, set, errors }: Fields) {
  const name = draft.name.trim()
  const present = useAgents().data
  const archived = useAgents('archived').data
  const taken = [...(present ?? []), ...(archived ?? [])].find(agent => agent.name === name)
  const known = present !== undefined && archived !== undefined
  return (
    <Setting
      title="Name"
      note="All that is needed."
      error={taken ? (taken.status === 'archived' ? 'Taken by an archived agent' : 'Taken') : errors.name}
    >
      {control => (
        <div className={styles.named}>
          <Avatar name={name} />
          <TextInput
            {...control}
            autoFocus
            required
            maxLength={100}
            autoComplete="off"
            value={draft.name}
            onChange={event => set({ name: event.target.value })}
          />
          {name !== '' && known && !taken && !errors.name && <Status tone="done">Free</Status>}
        </div>
      )}
    </Setting>
  )
}
