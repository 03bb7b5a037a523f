import { type FormEvent, useState } from 'react'
import { mostDays } from '#contract/money/costs'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { isDay, lengthOf, type Range } from './dates.ts'
import styles from './usage-form.module.css'

interface Props {
  range: Range
  onChoose: (range: Range) => void
  onClose: () => void
}

export function RangeDialog({ range, onChoose, onClose }: Props) {
  const [from, setFrom] = useState(range.from)
  const [to, setTo] = useState(range.to)
  const [asked, setAsked] = useState(false)
  const fault = faultOf(from, to)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setAsked(true)
    if (fault) return
    onChoose({ from, to })
    onClose()
  }
  return (
    <Dialog title="Choose days" onClose={onClose}>
      <form className={styles.form} onSubmit={submit} noValidate>
        <div className={styles.pair}>
          <Field label="First day">
            {control => (
              <TextInput {...control} type="date" value={from} onChange={event => setFrom(event.target.value)} />
            )}
          </Field>
          <Field label="Last day" error={asked ? fault : undefined}>
            {control => <TextInput {...control} type="date" value={to} onChange={event => setTo(event.target.value)} />}
          </Field>
        </div>
        <p className={styles.hint}>Days begin and end at midnight UTC. At most {mostDays} at once.</p>
        <div className={styles.buttons}>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit">
            Show these days
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function faultOf(from: string, to: string): string | undefined {
  if (!isDay(from) || !isDay(to)) return 'Both days are needed'
  if (from > to) return 'It is before the first day'
  return lengthOf({ from, to }) > mostDays ? `These are ${lengthOf({ from, to })} days; at most ${mostDays}` : undefined
}
