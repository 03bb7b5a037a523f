import { isolated } from '../../../lib/visible.ts'
import { useAgents } from '../../../parts/agents.ts'
import { Select, TextArea, TextInput } from '../../../ui/field.tsx'
import { Setting } from '../../../ui/forms/setting.tsx'
import type { Fields } from './work-fields.tsx'

/** What it is called and where it belongs. `own`: id of the agent itself, which cannot manage itself. */
export function IdentitySettings({ draft, set, errors, own, fixed }: Fields & { own: string; fixed: boolean }) {
  return (
    <>
      <Setting title="Name" error={errors.name} hint={fixed && 'It ships with Flotilla and keeps its name.'}>
        {control => (
          <TextInput
            {...control}
            maxLength={100}
            disabled={fixed}
            value={draft.name}
            onChange={event => set({ name: event.target.value })}
          />
        )}
      </Setting>
      <Setting
        title="Short name"
        error={errors.slug}
        hint="Names it in addresses and to other programs: lower case letters, digits, - and _."
      >
        {control => (
          <TextInput
            {...control}
            mono
            maxLength={64}
            disabled={fixed}
            spellCheck={false}
            value={draft.slug}
            onChange={event => set({ slug: event.target.value })}
          />
        )}
      </Setting>
      <Setting title="Sign" error={errors.glyph} hint="An emoji or a few letters. Empty: the letters of its name.">
        {control => (
          <TextInput
            {...control}
            maxLength={16}
            value={draft.glyph}
            onChange={event => set({ glyph: event.target.value })}
          />
        )}
      </Setting>
      <Setting title="Description" note="For people." error={errors.description}>
        {control => (
          <TextArea
            {...control}
            rows={2}
            value={draft.description}
            onChange={event => set({ description: event.target.value })}
          />
        )}
      </Setting>
      <Setting title="Team" error={errors.team}>
        {control => (
          <TextInput
            {...control}
            maxLength={100}
            value={draft.team}
            onChange={event => set({ team: event.target.value })}
          />
        )}
      </Setting>
      <ManagerSetting draft={draft} set={set} errors={errors} own={own} />
      <WordsSettings draft={draft} set={set} errors={errors} />
    </>
  )
}

function ManagerSetting({ draft, set, errors, own }: Fields & { own: string }) {
  const others = useAgents().data?.filter(({ id }) => id !== own) ?? []
  return (
    <Setting title="Manager" error={errors.managerId} hint="Whom it reports to.">
      {control => (
        <Select {...control} value={draft.managerId} onChange={event => set({ managerId: event.target.value })}>
          <option value="">Nobody</option>
          {others.map(({ id, name }) => (
            <option key={id} value={id}>
              {isolated(name)}
            </option>
          ))}
          {draft.managerId !== '' && !others.some(({ id }) => id === draft.managerId) && (
            <option value={draft.managerId}>{draft.managerId}</option>
          )}
        </Select>
      )}
    </Setting>
  )
}

function WordsSettings({ draft, set, errors }: Fields) {
  return (
    <>
      <Setting title="Tags" error={errors.tags} hint="One a line, at most 50.">
        {control => (
          <TextArea {...control} rows={2} value={draft.tags} onChange={event => set({ tags: event.target.value })} />
        )}
      </Setting>
      <Setting
        title="Capabilities"
        note="What tasks may ask of it."
        error={errors.capabilities}
        hint="One a line, at most 50."
      >
        {control => (
          <TextArea
            {...control}
            rows={2}
            value={draft.capabilities}
            onChange={event => set({ capabilities: event.target.value })}
          />
        )}
      </Setting>
    </>
  )
}
