import { TextArea, TextInput } from '../../../ui/field.tsx'
import { Setting } from '../../../ui/forms/setting.tsx'
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
