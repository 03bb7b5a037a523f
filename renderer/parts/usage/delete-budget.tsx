import type { Budget } from '#contract/money/budgets'
import { wordsOf } from '../../lib/call.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Problem } from '../../ui/notice.tsx'
import { toast } from '../../ui/toast.tsx'
import { amountWords, scopeWords } from './budget-words.ts'
import { useDeleteBudget } from './queries.ts'
import styles from './usage-form.module.css'

export function DeleteBudget({ budget, onClose }: { budget: Budget; onClose: () => void }) {
  const remove = useDeleteBudget()
  const what = `${amountWords(budget, budget.amount)} a ${budget.period}`
  const done = () => {
    toast(`Deleted the budget of ${what}`)
    onClose()
  }
  return (
    <Dialog title={`Delete the budget of ${what}?`} onClose={onClose}>
      <div className={styles.form}>
        <p>
          {scopeWords(budget)}:{' '}
          {budget.action === 'warn' ? 'nobody is warned any more.' : 'it keeps back no run any more.'} What was spent
          stays in the figures.
        </p>
        {remove.error && <Problem title="The budget was not deleted">{wordsOf(remove.error)}</Problem>}
        <div className={styles.buttons}>
          <Button autoFocus onClick={onClose}>
            Keep it
          </Button>
          <Button
            look="danger"
            disabled={remove.isPending}
            onClick={() => remove.mutate(budget.id, { onSuccess: done })}
          >
            Delete budget
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
