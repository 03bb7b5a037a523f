import { ChevronDown } from 'lucide-react'
import { useState } from 'react'
import type { Approval } from '#contract/runs/approvals'
import { Button } from '../../ui/button.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { Menu, MenuItem, MenuLabel } from '../../ui/menu.tsx'
import { coveredBy, useToolCallsSoFar } from '../tool-calls-so-far.ts'
import type { Answering } from './answering.ts'
import styles from './approval-answer.module.css'
import { editOf } from './approval-edit.tsx'
import { coverWords } from './approval-pattern.tsx'
import { type Rule, requestOf, rulesOf } from './approval-request.ts'
import { reasonWords } from './approval-words.ts'

/** All answers side by side, where there is room for them. */
export function AnswerButtons({ approval, pending, button, notYet, answer, onMode }: Answering) {
  const request = requestOf(approval)
  const rules = rulesOf(request, approval.tool)
  const edit = editOf(approval)
  return (
    <div className={styles.answer}>
      <Button
        look="primary"
        hotkey="a"
        data-answer="allow"
        {...button(pending || notYet !== null)}
        onClick={() => answer({ allow: true, scope: 'once' })}
      >
        {allowWords(approval)}
      </Button>
      {rules.length > 0 && (
        <Menu
          trigger={
            <Button data-answer="always" hotkey="shift+a" {...button(pending)}>
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
        <Button data-answer="edit" hotkey="e" {...button(pending)} onClick={() => onMode({ name: 'edit', edit })}>
          Edit
        </Button>
      )}
      <DenyWithReason
        label={reasonWords(approval).label}
        button={button(pending)}
        onDeny={reason => answer({ allow: false, reason })}
      />
    </div>
  )
}

export function allowWords({ kind }: Approval): string {
  if (kind === 'plan') return 'Approve plan'
  return kind === 'flow' ? 'Start it' : 'Allow once'
}

interface RulesProps {
  approval: Approval
  rules: readonly Rule[]
  onRule: (rule: Rule) => void
}

/** Only there while the menu is open: what was called so far is not asked for before. */
function Rules({ approval, rules, onRule }: RulesProps) {
  const noteOf = useRuleNotes(approval)
  return rules.map(rule => (
    <MenuItem key={rule.title} note={noteOf(rule)} onSelect={() => onRule(rule)}>
      {rule.title}
    </MenuItem>
  ))
}

/** What a rule means, and what it would have covered so far. */
export function useRuleNotes(approval: Approval): (rule: Rule) => string {
  const calls = useToolCallsSoFar(approval)
  return rule => {
    const covered = calls && coveredBy(rule.pattern, approval.subject, calls).length
    return calls && calls.length > 0 ? `${rule.note}. ${coverWords(covered ?? 0, calls.length)}` : rule.note
  }
}

interface DenyProps {
  label: string
  button: object
  onDeny: (reason: string) => void
}

function DenyWithReason({ label, button, onDeny }: DenyProps) {
  const [reason, setReason] = useState('')
  return (
    <>
      <Button hotkey="d" data-answer="deny" {...button} onClick={() => onDeny(reason)}>
        Deny
      </Button>
      <div className={styles.reason}>
        <Field label={label} hideLabel>
          {control => (
            <TextInput
              {...control}
              data-answer="reason"
              placeholder={label}
              value={reason}
              maxLength={10_000}
              onChange={event => setReason(event.target.value)}
              onKeyDown={event => {
                if (event.key === 'Enter' && !event.repeat) onDeny(reason)
                if (event.key === 'Escape') event.currentTarget.closest<HTMLElement>('[data-request]')?.focus()
              }}
            />
          )}
        </Field>
      </div>
    </>
  )
}
