import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { Budget } from '#contract/money/budgets'
import { wordsOf } from '../../lib/call.ts'
import { count, dateAndTime } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { Meter } from '../../ui/meter.tsx'
import { Problem, SkeletonRows } from '../../ui/notice.tsx'
import { useMay } from '../who.ts'
import { BudgetForm } from './budget-form.tsx'
import { actionWords, amountWords, scopeWords } from './budget-words.ts'
import { DeleteBudget } from './delete-budget.tsx'
import { most, useBudgets } from './queries.ts'
import styles from './usage.module.css'

type Open = { form: Budget | null } | { remove: Budget } | null

/** What may be spent, how much of it is, and what happens then; all of it, or that of one agent. */
export function Budgets({ agentId }: { agentId: string | null }) {
  const budgets = useBudgets(agentId)
  const may = useMay('admin')
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  const list = budgets.data?.data
  const total = budgets.data?.pagination.total ?? 0
  return (
    <section aria-label="Budgets">
      <div className={styles.headRow}>
        <h2 className={styles.head}>Budgets {list && <span>{total}</span>}</h2>
        {may && (
          <Button small icon={Plus} onClick={() => setOpen({ form: null })}>
            New budget
          </Button>
        )}
      </div>
      {!may && <p className={styles.nothing}>Only admins make and change budgets.</p>}
      {budgets.error && !list && (
        <Problem
          title="The budgets could not be read"
          action={
            <Button small onClick={() => void budgets.refetch()}>
              Try again
            </Button>
          }
        >
          {wordsOf(budgets.error)} They hold all the same.
        </Problem>
      )}
      {!list && !budgets.error && <SkeletonRows rows={2} height={56} />}
      {list?.length === 0 && (
        <p className={styles.nothing}>
          {agentId === null ? 'No budget limits what is spent.' : 'It has no budget of its own.'} One can warn, pause,
          or stop runs when it is used up.
        </p>
      )}
      <ul className={styles.budgets}>
        {list?.map(budget => (
          <BudgetRow
            key={budget.id}
            budget={budget}
            may={may}
            onChange={() => setOpen({ form: budget })}
            onRemove={() => setOpen({ remove: budget })}
          />
        ))}
      </ul>
      {total > most && <p className={styles.nothing}>The newest {most} of them.</p>}
      {agentId !== null && <p className={styles.nothing}>Budgets of the whole fleet hold for it too.</p>}
      {open && 'form' in open && <BudgetForm budget={open.form} agentId={agentId} onClose={close} />}
      {open && 'remove' in open && <DeleteBudget budget={open.remove} onClose={close} />}
    </section>
  )
}

interface RowProps {
  budget: Budget
  may: boolean
  onChange: () => void
  onRemove: () => void
}

function BudgetRow({ budget, may, onChange, onRemove }: RowProps) {
  const { period, utilization, state, amount, spent, reserved, action, source, unpricedRuns, periodEnd } = budget
  const name = `${scopeWords(budget)}, ${period}`
  const used = `${Math.round(utilization * 100)}%`
  const facts = [
    state === 'exhausted' ? `used up until ${dateAndTime(periodEnd)}` : null,
    reserved > 0 ? `${amountWords(budget, reserved)} reserved for runs under way` : null,
    unpricedRuns > 0 ? `${count(unpricedRuns, 'run')} of unknown price not counted` : null,
    source === 'agent' ? 'from the limits of the agent, changed there' : null
  ].filter(Boolean)
  return (
    <li className={styles.budget} data-state={state}>
      <p className={styles.budgetName}>
        <span>{name}</span> <span>· {actionWords[action].title}</span>
      </p>
      <Meter value={spent} max={amount} label={name} text={used} warn={state !== 'ok'} />
      <span className={styles.used}>{used}</span>
      <span className={styles.amount}>{amountWords(budget, amount)}</span>
      {facts.length > 0 && <p className={styles.budgetFacts}>{facts.join(' · ')}</p>}
      {may && source === 'budget' && (
        <p className={styles.budgetButtons}>
          <Button small look="ghost" aria-label={`Change the budget: ${name}`} onClick={onChange}>
            Change
          </Button>
          <Button small look="ghost" aria-label={`Delete the budget: ${name}`} onClick={onRemove}>
            Delete
          </Button>
        </p>
      )}
    </li>
  )
}
