import { Plus, X } from 'lucide-react'
import { whyNotHanded } from '#contract/fleet/handed-values'
import { Button, IconButton } from '../../ui/button.tsx'
import { Select, TextInput } from '../../ui/field.tsx'
import { fromSecret, secretOf, type Variable } from './mcp-draft.ts'
import styles from './mcps.module.css'
import { useSecretKeys } from './queries.ts'

interface Props {
  kind: 'variables' | 'headers'
  rows: readonly Variable[]
  onChange: (rows: readonly Variable[]) => void
}

/** What it is given: names with values, each typed or taken from a secret when a run starts. */
export function VariableRows({ kind, rows, onChange }: Props) {
  const secrets = useSecretKeys()
  const one = kind === 'variables' ? 'variable' : 'header'
  const put = (at: number, change: Partial<Variable>) =>
    onChange(rows.map((row, i) => (i === at ? { ...row, ...change } : row)))
  return (
    <fieldset className={styles.variables}>
      <legend>{kind === 'variables' ? 'Variables of its environment' : 'Headers of each call'}</legend>
      {rows.map((row, at) => (
        <Row
          // biome-ignore lint/suspicious/noArrayIndexKey: a row has no other name while it is typed
          key={at}
          title={`${one} ${at + 1}`}
          kind={kind}
          row={row}
          secrets={secrets}
          onChange={change => put(at, change)}
          onRemove={() => onChange(rows.filter((_, i) => i !== at))}
        />
      ))}
      <div>
        <Button small icon={Plus} onClick={() => onChange([...rows, { name: '', value: '' }])}>
          Add a {one}
        </Button>
      </div>
    </fieldset>
  )
}

interface RowProps {
  title: string
  kind: Props['kind']
  row: Variable
  secrets: readonly string[]
  onChange: (change: Partial<Variable>) => void
  onRemove: () => void
}

function Row({ title, kind, row, secrets, onChange, onRemove }: RowProps) {
  const secret = secretOf(row.value)
  const known = secret === null || secrets.includes(secret) ? secrets : [secret, ...secrets]
  const fault = kind === 'variables' && row.name !== '' ? whyNotHanded(row.name, row.value) : null
  return (
    <div className={styles.variable}>
      <TextInput
        mono
        aria-label={`Name of ${title}`}
        placeholder={kind === 'variables' ? 'ISSUES_API_KEY' : 'Authorization'}
        autoComplete="off"
        spellCheck={false}
        value={row.name}
        onChange={event => onChange({ name: event.target.value.trim() })}
      />
      <Select
        aria-label={`Source of ${title}`}
        value={secret ?? ''}
        onChange={event => onChange({ value: event.target.value === '' ? '' : fromSecret(event.target.value) })}
      >
        <option value="">Typed here</option>
        {known.map(key => (
          <option key={key} value={key}>
            Secret {key}
          </option>
        ))}
      </Select>
      <IconButton icon={X} label={`Remove ${title}`} onClick={onRemove} />
      {secret === null && (
        <TextInput
          mono
          aria-label={`Value of ${title}`}
          placeholder={kind === 'variables' ? 'Value' : 'Bearer {{secret:DESIGN_TOKEN}}'}
          autoComplete="off"
          spellCheck={false}
          value={row.value}
          onChange={event => onChange({ value: event.target.value })}
        />
      )}
      {fault && (
        <p className={styles.fault} role="alert">
          {fault}
        </p>
      )}
    </div>
  )
}
