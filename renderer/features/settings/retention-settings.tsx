import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { changeRetention, type Retention } from '#contract/data'
import { call, wordsOf } from '../../lib/call.ts'
import { keys } from '../../lib/query-keys.ts'
import { Button } from '../../ui/button.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { toast } from '../../ui/toast.tsx'
import { isStricter, limitOf, type Rule, rules, typedOf, wordsOfLimit } from './retention-rules.ts'
import { Setting } from './setting.tsx'
import styles from './settings.module.css'

type Typed = Partial<Record<keyof Retention, string>>

/** How long things are kept. What would delete something asks first. */
export function RetentionSettings({ kept }: { kept: Retention }) {
  const queries = useQueryClient()
  const [typed, setTyped] = useState<Typed>({})
  const [asking, setAsking] = useState(false)
  const limits = rules.map(rule => ({ rule, limit: limitOf(rule, typed[rule.field] ?? typedOf(rule, kept)) }))
  const faults = limits.some(({ limit }) => 'fault' in limit)
  const changed = limits.flatMap(({ rule, limit }) =>
    'value' in limit && limit.value !== kept[rule.field] ? [{ rule, value: limit.value }] : []
  )
  const stricter = changed.filter(({ rule, value }) => isStricter(kept[rule.field], value))
  const save = useMutation({
    mutationFn: () =>
      call(changeRetention, { body: Object.fromEntries(changed.map(({ rule, value }) => [rule.field, value])) }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: keys.data })
      setTyped({})
      toast('Saved')
    }
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (faults || changed.length === 0 || save.isPending) return
    if (stricter.length > 0) setAsking(true)
    else save.mutate()
  }
  return (
    <Setting
      title="How long it is kept"
      note="An empty field keeps it for ever. Usage, costs and the audit log are always kept."
    >
      <form className={styles.rules} onSubmit={submit}>
        {limits.map(({ rule, limit }) => (
          <RuleField
            key={rule.field}
            rule={rule}
            typed={typed[rule.field] ?? typedOf(rule, kept)}
            fault={'fault' in limit ? limit.fault : undefined}
            onType={text => setTyped({ ...typed, [rule.field]: text })}
          />
        ))}
        <div className={styles.buttons}>
          <Button type="submit" look="primary" disabled={faults || changed.length === 0 || save.isPending}>
            Save
          </Button>
          {changed.length > 0 && <Button onClick={() => setTyped({})}>Discard</Button>}
          {save.error && !asking && <p role="alert">{wordsOf(save.error)}</p>}
        </div>
      </form>
      {asking && (
        <FormDialog
          title="Keep less from now on?"
          action="Keep less"
          danger
          onSubmit={() => save.mutateAsync()}
          onClose={() => setAsking(false)}
        >
          <ul>
            {stricter.map(({ rule, value }) => (
              <li key={rule.field}>
                {rule.title}: {wordsOfLimit(rule, value)} instead of {wordsOfLimit(rule, kept[rule.field])}
              </li>
            ))}
          </ul>
          <p>What is beyond that is deleted at once and cannot be brought back, but from a backup.</p>
        </FormDialog>
      )}
    </Setting>
  )
}

interface RuleProps {
  rule: Rule
  typed: string
  fault: string | undefined
  onType: (text: string) => void
}

function RuleField({ rule, typed, fault, onType }: RuleProps) {
  return (
    <Field label={rule.title} hint={rule.note} error={fault}>
      {control => (
        <span className={styles.rule}>
          <TextInput
            {...control}
            inputMode="decimal"
            placeholder="for ever"
            value={typed}
            onChange={event => onType(event.target.value)}
          />
          {rule.unit}
        </span>
      )}
    </Field>
  )
}
