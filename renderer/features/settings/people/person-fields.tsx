import { newPassword } from '#contract/people/users'
import { Field, TextInput } from '../../../ui/field.tsx'

interface Props {
  value: string
  onChange: (value: string) => void
  hint?: string
}

export function NameField({ value, onChange, ...words }: Props) {
  return (
    <Field label="Name" {...words}>
      {control => (
        <TextInput
          {...control}
          autoComplete="off"
          maxLength={100}
          value={value}
          onChange={event => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}

export function EmailField({ value, onChange, error, ...words }: Props & { error: string | undefined }) {
  return (
    <Field label="Email" error={error} {...words}>
      {control => (
        <TextInput
          {...control}
          type="email"
          autoComplete="off"
          maxLength={254}
          value={value}
          onChange={event => onChange(event.target.value.trim())}
        />
      )}
    </Field>
  )
}

/** Left empty it is none. */
export function faultOfPassword(password: string): string | undefined {
  return password === '' ? undefined : newPassword.safeParse(password).error?.issues[0]?.message
}

/** It is given to somebody else, so whoever types it reads it. */
export function GivenPasswordField({ label, value, onChange, ...words }: Props & { label: string }) {
  return (
    <Field label={label} error={faultOfPassword(value)} {...words}>
      {control => (
        <TextInput
          {...control}
          mono
          autoComplete="off"
          spellCheck={false}
          maxLength={256}
          value={value}
          onChange={event => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}
