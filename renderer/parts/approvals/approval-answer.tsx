import { ChevronDown } from 'lucide-react'
import { useState } from 'react'
import type { Approval } from '#contract/runs/approvals'
import { wordsOf } from '../../lib/call.ts'
import { Button } from '../../ui/button.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { Menu, MenuItem, MenuLabel } from '../../ui/menu.tsx'
import { coveredBy, useCallsSoFar } from '../calls-so-far.ts'
import styles from './approval-answer.module.css'
import { type Edit, EditedAnswer, editOf } from './approval-edit.tsx'
import { coverWords, PatternAnswer } from './approval-pattern.tsx'
import { QuestionForm } from './approval-questions.tsx'
import { type Rule, requestOf, rulesOf } from './approval-request.ts'
import { type Decision, useDecide } from './approvals.ts'
import { TrustAnswer } from './trust/trust-answer.tsx'

interface Props {
  approval: Approval
  onDecided?: () => void
}

type Mode = { name: 'buttons' } | { name: 'edit'; edit: Edit } | { name: 'pattern'; pattern: string }

const buttons: Mode = { name: 'buttons' }

/**
 * The buttons under a request. Keys are shown on them; the region around them listens: A, D and ⇧A act only while the
 * request has the focus or is selected. It calls the buttons by their `data-answer`.
 */
export function ApprovalAnswer({ approval, onDecided }: Props) {
  const [mode, setMode] = useState<Mode>(buttons)
  const decide = useDecide(approval.id)
  const pending = decide.isPending
  const answer = (decision: Decision) => decide.mutate(decision, { onSuccess: onDecided })
  const leave = () => setMode(buttons)
  const request = requestOf(approval)
  if (request.kind === 'question' && request.questions.length > 0) {
    return <QuestionForm approval={approval} questions={request.questions} decide={decide} answer={answer} />
  }
  return (
    <div className={styles.whole}>
      {request.kind === 'trust' && (
        <TrustAnswer
          approval={approval}
          button={disabled => ({ disabled })}
          pending={pending}
          onTrust={content => answer({ allow: true, scope: 'once', content })}
          onWithout={() => answer({ allow: false, reason: '' })}
        />
      )}
      {request.kind !== 'trust' && mode.name === 'buttons' && (
        <Buttons approval={approval} pending={pending} answer={answer} onMode={setMode} />
      )}
      {mode.name === 'edit' && (
        <EditedAnswer
          edit={mode.edit}
          onText={text => setMode({ name: 'edit', edit: { ...mode.edit, text } })}
          pending={pending}
          onAllow={() =>
            answer({ allow: true, scope: 'once', input: { ...approval.input, [mode.edit.field]: mode.edit.text } })
          }
          onLeave={leave}
        />
      )}
      {mode.name === 'pattern' && (
        <PatternAnswer
          approval={approval}
          pattern={mode.pattern}
          onPattern={pattern => setMode({ name: 'pattern', pattern })}
          pending={pending}
          onAllow={() => answer({ allow: true, scope: 'run', pattern: mode.pattern })}
          onLeave={leave}
        />
      )}
      {decide.isError && (
        <p className={styles.fault} role="alert">
          {wordsOf(decide.error)}
        </p>
      )}
    </div>
  )
}

interface ButtonsProps {
  approval: Approval
  pending: boolean
  answer: (decision: Decision) => void
  onMode: (mode: Mode) => void
}

function Buttons({ approval, pending, answer, onMode }: ButtonsProps) {
  const request = requestOf(approval)
  const rules = rulesOf(request, approval.tool)
  const edit = editOf(approval)
  return (
    <div className={styles.answer}>
      <Button
        look="primary"
        hotkey="a"
        data-answer="allow"
        disabled={pending}
        onClick={() => answer({ allow: true, scope: 'once' })}
      >
        {request.kind === 'plan' ? 'Approve plan' : 'Allow once'}
      </Button>
      {rules.length > 0 && (
        <Menu
          trigger={
            <Button data-answer="always" disabled={pending}>
              <span className={styles.withChevron}>
                Always allow <ChevronDown size={13} aria-hidden />
              </span>
            </Button>
          }
        >
          <MenuLabel>In this run, without asking again</MenuLabel>
          <Rules
            approval={approval}
            rules={rules}
            onRule={({ pattern }) => answer({ allow: true, scope: 'run', pattern })}
          />
          <MenuItem
            note="With what it would have allowed so far"
            onSelect={() => onMode({ name: 'pattern', pattern: rules.at(1)?.pattern ?? approval.subject })}
          >
            A pattern of your own…
          </MenuItem>
        </Menu>
      )}
      {edit && (
        <Button data-answer="edit" hotkey="e" disabled={pending} onClick={() => onMode({ name: 'edit', edit })}>
          Edit
        </Button>
      )}
      <DenyWithReason disabled={pending} onDeny={reason => answer({ allow: false, reason })} />
    </div>
  )
}

interface RulesProps {
  approval: Approval
  rules: readonly Rule[]
  onRule: (rule: Rule) => void
}

/** Only there while the menu is open: what was called so far is not asked for before. */
function Rules({ approval, rules, onRule }: RulesProps) {
  const calls = useCallsSoFar(approval)
  return rules.map(rule => {
    const covered = calls && coveredBy(rule.pattern, approval.subject, calls).length
    const words = calls && calls.length > 0 ? `${rule.note}. ${coverWords(covered ?? 0, calls.length)}` : rule.note
    return (
      <MenuItem key={rule.title} note={words} onSelect={() => onRule(rule)}>
        {rule.title}
      </MenuItem>
    )
  })
}

function DenyWithReason({ disabled, onDeny }: { disabled: boolean; onDeny: (reason: string) => void }) {
  const [reason, setReason] = useState('')
  return (
    <>
      <Button hotkey="d" data-answer="deny" disabled={disabled} onClick={() => onDeny(reason)}>
        Deny
      </Button>
      <div className={styles.reason}>
        <Field label="Reason, sent to the agent with a denial" hideLabel>
          {control => (
            <TextInput
              {...control}
              data-answer="reason"
              placeholder="Reason, sent to the agent with a denial"
              value={reason}
              maxLength={10_000}
              onChange={event => setReason(event.target.value)}
              onKeyDown={event => {
                if (event.key === 'Enter') onDeny(reason)
                if (event.key === 'Escape') event.currentTarget.blur()
              }}
            />
          )}
        </Field>
      </div>
    </>
  )
}

/** For the region that holds a request: what a key does in it. Returns whether it was one of ours. */
export function answerByKey(region: HTMLElement | null, key: string): boolean {
  const press = (name: string) => {
    const control = region?.querySelector<HTMLElement>(`[data-answer="${name}"]`)
    if (!control) return false
    if (name === 'reason') control.focus()
    // Radix opens its menus on pointer down, so a click alone would do nothing.
    else if (name === 'always') {
      control.focus()
      control.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))
    } else control.click()
    return true
  }
  if (key === 'a') return press('allow')
  if (key === 'A') return press('always')
  if (key === 'e') return press('edit')
  if (key === 'd') return press('reason') || press('deny')
  return false
}
