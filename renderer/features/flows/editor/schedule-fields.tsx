import { useId } from 'react'
import { fieldErrorsOf, wordsOf } from '../../../lib/call.ts'
import { Field, TextInput } from '../../../ui/field.tsx'
import settings from '../../../ui/forms/setting.module.css'
import { Glyph } from '../../../ui/glyph.tsx'
import { cronOf, dayNames, weeklyOf } from './cron-days.ts'
import type { TriggerDraft } from './flow-draft.ts'
import styles from './flow-editor.module.css'
import { useSchedules } from './schedule.ts'

type ScheduleDraft = Extract<TriggerDraft, { type: 'schedule' }>

interface Props {
  trigger: ScheduleDraft
  errorAt: (field: string) => string | undefined
  onChange: (next: ScheduleDraft) => void
}

const zones = Intl.supportedValuesOf('timeZone')

/** Days and a time, or cron: two ways to say one thing, kept in step. */
export function ScheduleFields({ trigger, errorAt, onChange }: Props) {
  const zoneList = useId()
  const [preview] = useSchedules([trigger])
  const wrong = preview?.error ? { cron: wordsOf(preview.error), ...fieldErrorsOf(preview.error) } : undefined
  const zoneFault = errorAt('timezone') ?? fieldErrorsOf(preview?.error).timezone
  const fault = errorAt('cron') ?? (zoneFault === undefined ? wrong?.cron : undefined)
  return (
    <>
      <DaysAndTime cron={trigger.cron} onChange={cron => onChange({ ...trigger, cron })} />
      <div className={styles.pair}>
        <Field
          label="or cron"
          {...(fault && { error: fault })}
          hint={
            !fault &&
            preview?.data &&
            !preview.isPlaceholderData && (
              <span className={styles.valid}>
                <Glyph tone="done" /> {preview.data.words}
              </span>
            )
          }
        >
          {control => (
            <TextInput
              {...control}
              mono
              maxLength={200}
              autoComplete="off"
              spellCheck={false}
              value={trigger.cron}
              onChange={event => onChange({ ...trigger, cron: event.target.value })}
            />
          )}
        </Field>
        <Field
          label="Time zone"
          hint="Empty: that of the computer of Flotilla."
          {...(zoneFault && { error: zoneFault })}
        >
          {control => (
            <>
              <TextInput
                {...control}
                list={zoneList}
                maxLength={64}
                autoComplete="off"
                spellCheck={false}
                value={trigger.timezone}
                onChange={event => onChange({ ...trigger, timezone: event.target.value })}
              />
              <datalist id={zoneList}>
                {zones.map(zone => (
                  <option key={zone} value={zone} />
                ))}
              </datalist>
            </>
          )}
        </Field>
      </div>
    </>
  )
}

function DaysAndTime({ cron, onChange }: { cron: string; onChange: (cron: string) => void }) {
  const weekly = weeklyOf(cron)
  const { days, time } = weekly ?? { days: [], time: '09:00' }
  const toggle = (day: number) => {
    const after = days.includes(day) ? days.filter(one => one !== day) : [...days, day].sort((a, b) => a - b)
    // A week without a day would never come.
    if (after.length > 0) onChange(cronOf({ days: after, time }))
  }
  return (
    <div className={styles.days}>
      <fieldset aria-label="Days">
        {dayNames.map((name, day) => (
          <button
            key={name}
            type="button"
            aria-label={name}
            aria-pressed={days.includes(day)}
            onClick={() => toggle(day)}
          >
            {name.slice(0, 2)}
          </button>
        ))}
      </fieldset>
      <label>
        at{' '}
        <input
          type="time"
          className={styles.time}
          value={weekly ? time : ''}
          onChange={event =>
            event.target.value !== '' &&
            onChange(cronOf({ days: weekly ? days : [0, 1, 2, 3, 4, 5, 6], time: event.target.value }))
          }
        />
      </label>
      {!weekly && cron.trim() !== '' && <span className={settings.hint}>More than days and a time: by cron.</span>}
    </div>
  )
}
