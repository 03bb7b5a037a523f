import { ChevronDown } from 'lucide-react'
import { useState } from 'react'
import type { Approval } from '#contract/approvals'
import { wordsOf } from '../lib/call.ts'
import { Button } from '../ui/button.tsx'
import { Field, TextArea, TextInput } from '../ui/field.tsx'
import { Menu, MenuItem, MenuLabel } from '../ui/menu.tsx'
import styles from './approval-answer.module.css'
import { QuestionForm } from './approval-questions.tsx'
import { type Rule, requestOf, rulesOf } from './approval-request.ts'
import { type Decision, useDecide } from './approvals.ts'

interface Props {
  approval: Approval
  onDecided?: () => void
}

/**
 * The buttons under a request. Keys are shown on them; the region around them listens: A, D and ⇧A act only while the
 * request has the focus or is selected. It calls the buttons by their `data-answer`.
 */
export function ApprovalAnswer({ approval, onDecided }: Props) {
  const [edited, setEdited] = useState<string | null>(null)
  const decide = useDecide(approval.id)
  const answer = (decision: Decision) => decide.mutate(decision, { onSuccess: onDecided })
  const request = requestOf(approval)
  if (request.kind === 'question' && request.questions.length > 0) {
    return <QuestionForm approval={approval} questions={request.questions} decide={decide} answer={answer} />
  }
  const rules = rulesOf(request, approval.tool)
  if (edited !== null) {
    return (
      <EditedAnswer
        approval={approval}
        text={edited}
        onText={setEdited}
        pending={decide.isPending}
        fault={decide.error}
        onAllow={input => answer({ allow: true, scope: 'once', input })}
        onLeave={() => setEdited(null)}
      />
    )
  }
  return (
    <div className={styles.answer}>
      <Button
        look="primary"
        hotkey="a"
        data-answer="allow"
        disabled={decide.isPending}
        onClick={() => answer({ allow: true, scope: 'once' })}
      >
        {request.kind === 'plan' ? 'Approve plan' : 'Allow once'}
      </Button>
      {rules.length > 0 && <AlwaysMenu rules={rules} disabled={decide.isPending} onAnswer={answer} />}
      {canEdit(approval) && (
        <Button
          data-answer="edit"
          hotkey="e"
          disabled={decide.isPending}
          onClick={() => setEdited(editedText(approval))}
        >
          Edit
        </Button>
      )}
      <DenyWithReason disabled={decide.isPending} onDeny={reason => answer({ allow: false, reason })} />
      {decide.isError && (
        <p className={styles.fault} role="alert">
          {wordsOf(decide.error)}
        </p>
      )}
    </div>
  )
}

interface AlwaysProps {
  rules: readonly Rule[]
  disabled: boolean
  onAnswer: (decision: Decision) => void
}

function AlwaysMenu({ rules, disabled, onAnswer }: AlwaysProps) {
  return (
    <Menu
      trigger={
        <Button data-answer="always" disabled={disabled}>
          <span className={styles.withChevron}>
            Always allow <ChevronDown size={13} aria-hidden />
          </span>
        </Button>
      }
    >
      <MenuLabel>In this run, without asking again</MenuLabel>
      {rules.map(rule => (
        <MenuItem
          key={rule.title}
          note={rule.note}
          onSelect={() => onAnswer({ allow: true, scope: 'run', pattern: rule.pattern })}
        >
          {rule.title}
        </MenuItem>
      ))}
    </Menu>
  )
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

/** A command can be changed before it is allowed. */
export function canEdit({ kind, input }: Approval): boolean {
  return kind === 'tool' && typeof input.command === 'string'
}

function editedText({ input }: Approval): string {
  return String(input.command)
}

interface EditedProps {
  approval: Approval
  text: string
  onText: (text: string) => void
  pending: boolean
  fault: Error | null
  onAllow: (input: Record<string, unknown>) => void
  onLeave: () => void
}

/** What runs is what stands here; the agent is told so by what comes back. */
function EditedAnswer({ approval, text, onText, pending, fault, onAllow, onLeave }: EditedProps) {
  const allow = () => text.trim() !== '' && onAllow({ ...approval.input, command: text })
  return (
    <div className={styles.edited}>
      <Field label="Command that is allowed instead">
        {control => (
          <TextArea
            {...control}
            autoFocus
            rows={Math.min(10, text.split('\n').length + 1)}
            value={text}
            onChange={event => onText(event.target.value)}
            onKeyDown={event => {
              if (event.key === 'Escape') onLeave()
              if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) allow()
            }}
          />
        )}
      </Field>
      <div className={styles.answer}>
        <Button look="primary" hotkey="mod+Enter" disabled={pending || text.trim() === ''} onClick={allow}>
          Allow once as edited
        </Button>
        <Button onClick={onLeave}>Back</Button>
        {fault && (
          <p className={styles.fault} role="alert">
            {wordsOf(fault)}
          </p>
        )}
      </div>
    </div>
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
