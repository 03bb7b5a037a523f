import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { changeWorkforce } from '#contract/money/workforce'
import { call, fieldErrorsOf, wordsOf } from '../../lib/call.ts'
import { duration, exactMoney, money } from '../../lib/format.ts'
import { keys } from '../../lib/query-keys.ts'
import { AgentAvatar } from '../../parts/agent-avatar.tsx'
import type { Period } from '../../parts/usage/dates.ts'
import { useWorkforce } from '../../parts/usage/queries.ts'
import styles from '../../parts/usage/usage.module.css'
import { useMay } from '../../parts/who.ts'
import { Button } from '../../ui/button.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Problem } from '../../ui/notice.tsx'
import { Said } from '../../ui/said.tsx'
import { arithmeticOf, hours } from './time-saved.ts'

/** Agents beyond these are in the API. */
const shown = 20
const periodWords: Record<Period, string> = { day: 'today', week: 'in the last 7 days', month: 'in the last 30 days' }

/** What agents got done, how well and how fast, and what a person would have needed for it. */
export function Workforce({ period }: { period: Period }) {
  const workforce = useWorkforce(period)
  const may = useMay('admin')
  const [changing, setChanging] = useState(false)
  if (workforce.error && !workforce.data)
    return <Problem title="The workforce could not be read">{wordsOf(workforce.error)}</Problem>
  if (!workforce.data || workforce.data.data.length === 0) return null
  const { assumptions, data, total } = workforce.data
  const minutes = assumptions.humanMinutesPerSuccess
  return (
    <section className={styles.workforce} aria-label="Workforce">
      <div className={styles.headRow}>
        <h2 className={styles.head}>
          Workforce <span>{periodWords[period]}</span>
        </h2>
        {may && (
          <Button small onClick={() => setChanging(true)}>
            Change the assumption
          </Button>
        )}
      </div>
      <p className={styles.nothing}>
        About {hours(total.humanMinutesSaved)} of a person’s time saved: {arithmeticOf(total, minutes)}.
      </p>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Agent</th>
            {['Done', 'Median', 'Time saved', 'Cost per done run'].map(title => (
              <th key={title} scope="col" className={styles.number}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.slice(0, shown).map(one => (
            <tr key={one.agentId}>
              <th scope="row">
                <Link href={`/fleet/${one.agentId}`} className={styles.name}>
                  <AgentAvatar id={one.agentId} name={one.name} size="small" />
                  <Said className="truncate">{one.name}</Said>
                </Link>
              </th>
              <td className={styles.quiet}>
                {one.succeeded.toLocaleString('en-US')} of {one.runs.toLocaleString('en-US')}
              </td>
              <td className={styles.quiet}>{one.medianMs === null ? '–' : duration(one.medianMs)}</td>
              <td className={styles.number}>{one.humanMinutesSaved === 0 ? '–' : hours(one.humanMinutesSaved)}</td>
              <td className={styles.number} title={exactMoney(one.costPerSuccessUsd)}>
                {money(one.costPerSuccessUsd)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {data.length > shown && (
        <p className={styles.nothing}>
          The {shown} with most runs of {data.length}.
        </p>
      )}
      {changing && <Assumption minutes={minutes} onClose={() => setChanging(false)} />}
    </section>
  )
}

const mostMinutes = 1440

function Assumption({ minutes, onClose }: { minutes: number; onClose: () => void }) {
  const queries = useQueryClient()
  const [text, setText] = useState(String(minutes))
  const [refused, setRefused] = useState<string | undefined>()
  const wanted = Number(text)
  const fits = text.trim() !== '' && wanted >= 0 && wanted <= mostMinutes
  return (
    <FormDialog
      title="What a done run stands for"
      action="Save"
      quiet={error => fieldErrorsOf(error).humanMinutesPerSuccess !== undefined}
      disabled={!fits}
      onSubmit={async () => {
        try {
          await call(changeWorkforce, { body: { humanMinutesPerSuccess: wanted } })
        } catch (error) {
          setRefused(fieldErrorsOf(error).humanMinutesPerSuccess)
          throw error
        }
        await queries.invalidateQueries({ queryKey: keys.allMoney })
      }}
      onClose={onClose}
    >
      <Field
        label="Minutes a person would have needed"
        hint="For one run that is done and whose flow does not say what it saves."
        error={fits ? refused : `A number from 0 to ${mostMinutes.toLocaleString('en-US')}`}
      >
        {control => (
          <TextInput {...control} inputMode="decimal" value={text} onChange={event => setText(event.target.value)} />
        )}
      </Field>
    </FormDialog>
  )
}
