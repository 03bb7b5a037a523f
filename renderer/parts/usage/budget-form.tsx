import { type FormEvent, useState } from 'react'
import { type Budget, type BudgetAction, budgetActions, budgetPeriods, budgetUnits } from '#contract/money/budgets'
import { fieldErrorsOf, wordsOf } from '../../lib/call.ts'
import { isolated } from '../../lib/visible.ts'
import { Button } from '../../ui/button.tsx'
import { Choice } from '../../ui/choice.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Select, TextInput } from '../../ui/field.tsx'
import { Problem } from '../../ui/notice.tsx'
import { actionWords, freeNote, scopeWords } from './budget-words.ts'
import { type BudgetWish, useChoosableAgents, useSaveBudget } from './queries.ts'
import styles from './usage-form.module.css'

type Wish = Omit<BudgetWish, 'amount' | 'threshold'>

const titles = { day: 'Each day (UTC)', month: 'Each calendar month (UTC)', usd: 'US dollars', tokens: 'Tokens' }

interface Props {
  budget: Budget | null
  /** Whose a new one becomes, where that is no question. */
  agentId: string | null
  onClose: () => void
}

/** Makes a budget, or changes one. */
export function BudgetForm({ budget, agentId, onClose }: Props) {
  const [wish, setWish] = useState<Wish>({
    agentId,
    unit: 'usd',
    period: 'month',
    action: budget?.action ?? 'stop'
  })
  const [amount, setAmount] = useState(budget ? String(budget.amount) : '')
  const [percent, setPercent] = useState(String(Math.round((budget?.threshold ?? 0.8) * 100)))
  const [asked, setAsked] = useState(false)
  const save = useSaveBudget(budget?.id ?? null)
  const unit = budget?.unit ?? wish.unit
  const told = fieldErrorsOf(save.error)
  const faults = {
    amount: amountFault(amount) ?? told.amount,
    threshold: percentFault(percent) ?? told.threshold
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setAsked(true)
    if (amountFault(amount) || percentFault(percent))
      return document.getElementById(formId)?.querySelector<HTMLElement>('[aria-invalid], input')?.focus()
    save.mutate({ ...wish, amount: Number(amount), threshold: Number(percent) / 100 }, { onSuccess: onClose })
  }
  const shownFault = (name: keyof typeof faults) => (asked ? faults[name] : undefined)
  return (
    <Dialog title={budget ? 'Change the budget' : 'New budget'} onClose={onClose}>
      <form id={formId} className={styles.form} onSubmit={submit} noValidate>
        {save.error && Object.keys(told).length === 0 && (
          <Problem title="The budget was not saved">{wordsOf(save.error)}</Problem>
        )}
        {budget ? (
          <p>
            {scopeWords(budget)}. {titles[budget.period]}, in {budget.unit === 'usd' ? 'US dollars' : 'tokens'}.
          </p>
        ) : (
          <ScopeFields wish={wish} ofAgent={agentId !== null} onChange={setWish} />
        )}
        <div className={styles.pair}>
          <Field label={unit === 'usd' ? 'Limit, in dollars' : 'Limit, in tokens'} error={shownFault('amount')}>
            {control => (
              <TextInput
                {...control}
                inputMode="decimal"
                value={amount}
                onChange={event => setAmount(event.target.value)}
              />
            )}
          </Field>
          <Field label="Warn at, in percent" error={shownFault('threshold')}>
            {control => (
              <TextInput
                {...control}
                inputMode="numeric"
                value={percent}
                onChange={event => setPercent(event.target.value)}
              />
            )}
          </Field>
        </div>
        <ActionField action={wish.action} onChoose={action => setWish({ ...wish, action })} />
        <div className={styles.buttons}>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={save.isPending}>
            {budget ? 'Save budget' : 'Make budget'}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function ActionField({ action, onChoose }: { action: BudgetAction; onChoose: (action: BudgetAction) => void }) {
  return (
    <fieldset className={styles.choices}>
      <legend>When it is used up</legend>
      {budgetActions.map(one => (
        <Choice
          key={one}
          group="budget-action"
          checked={action === one}
          onChoose={() => onChoose(one)}
          title={actionWords[one].title}
          note={actionWords[one].note}
        />
      ))}
      {action !== 'warn' && <p className={styles.hint}>{freeNote}</p>}
    </fieldset>
  )
}

interface ScopeProps {
  wish: Wish
  /** It is of one agent anyhow. */
  ofAgent: boolean
  onChange: (wish: Wish) => void
}

/** What stays as it is once the budget is made. */
function ScopeFields({ wish, ofAgent, onChange }: ScopeProps) {
  const choose = (change: Partial<Wish>) => onChange({ ...wish, ...change })
  return (
    <>
      {!ofAgent && <AgentField agentId={wish.agentId} onChoose={agentId => choose({ agentId })} />}
      <div className={styles.pair}>
        <Field label="Period">
          {control => (
            <Select
              {...control}
              value={wish.period}
              onChange={event => choose({ period: oneOf(budgetPeriods, event.target.value) })}
            >
              {budgetPeriods.map(one => (
                <option key={one} value={one}>
                  {titles[one]}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Counted in">
          {control => (
            <Select
              {...control}
              value={wish.unit}
              onChange={event => choose({ unit: oneOf(budgetUnits, event.target.value) })}
            >
              {budgetUnits.map(one => (
                <option key={one} value={one}>
                  {titles[one]}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
    </>
  )
}

const formId = 'budget-form'

function AgentField({ agentId, onChoose }: { agentId: string | null; onChoose: (id: string | null) => void }) {
  const agents = useChoosableAgents()
  const more = agents.data?.pagination.hasMore
  return (
    <Field
      label="Applies to"
      hint={more ? 'The first 500 agents.' : undefined}
      error={agents.error ? `The agents could not be read. ${wordsOf(agents.error)}` : undefined}
    >
      {control => (
        <Select {...control} value={agentId ?? ''} onChange={event => onChoose(event.target.value || null)}>
          <option value="">Whole fleet, runs of no agent too</option>
          {agents.data?.data.map(agent => (
            <option key={agent.id} value={agent.id}>
              {isolated(agent.name)}
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
}

function oneOf<const Value extends string>(values: readonly Value[], text: string): Value {
  return values.find(one => one === text) ?? (values[0] as Value)
}

function amountFault(text: string): string | undefined {
  const amount = Number(text)
  if (text.trim() === '' || !Number.isFinite(amount) || amount <= 0) return 'A number above 0, such as 40 or 2.50'
  return amount > 1e9 ? 'At most 1,000,000,000' : undefined
}

function percentFault(text: string): string | undefined {
  const percent = Number(text)
  return text.trim() !== '' && percent >= 0 && percent <= 100 ? undefined : 'From 0 to 100'
}
