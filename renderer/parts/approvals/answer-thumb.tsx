import { Copy, Ellipsis, MessageSquareX, Pencil, ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { copy } from '../../lib/clipboard.ts'
import { visible } from '../../lib/visible.ts'
import { Button } from '../../ui/button.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { Sheet, SheetRow } from '../../ui/sheet.tsx'
import { toast } from '../../ui/toast.tsx'
import { allowWords, useRuleNotes } from './answer-buttons.tsx'
import type { Answering } from './answering.ts'
import styles from './approval-answer.module.css'
import { editOf } from './approval-edit.tsx'
import { requestOf, rulesOf, subjectOf } from './approval-request.ts'
import { reasonWords } from './approval-words.ts'
import { AskTitle } from './ask-title.tsx'

type Open = 'no' | 'more' | 'rules' | 'reason'

/** The two answers of every day in reach of the thumb, the others in a sheet behind them. */
export function AnswerThumb(answering: Answering) {
  const { approval, pending, button, notYet, answer } = answering
  const [open, setOpen] = useState<Open>('no')
  return (
    <>
      <div className={styles.thumb}>
        <Button
          look="primary"
          data-answer="allow"
          {...button(pending || notYet !== null)}
          onClick={() => answer({ allow: true, scope: 'once' })}
        >
          {allowWords(approval)}
        </Button>
        <Button data-answer="deny" {...button(pending)} onClick={() => answer({ allow: false, reason: '' })}>
          Deny
        </Button>
        <button type="button" className={styles.more} aria-label="Other answers" onClick={() => setOpen('more')}>
          <Ellipsis size={18} aria-hidden />
        </button>
      </div>
      {notYet !== null && <p className={styles.notYet}>{notYet}</p>}
      {open === 'more' && <More {...answering} onOpen={setOpen} />}
      {open === 'rules' && <RuleSheet {...answering} onClose={() => setOpen('no')} />}
      {open === 'reason' && (
        <ReasonSheet
          note={reasonWords(approval).note}
          onDeny={reason => answer({ allow: false, reason })}
          onClose={() => setOpen('no')}
        />
      )}
    </>
  )
}

function More({ approval, onMode, onOpen }: Answering & { onOpen: (open: Open) => void }) {
  const request = requestOf(approval)
  const edit = editOf(approval)
  const subject = subjectOf(request)
  return (
    <Sheet title={<AskTitle approval={approval} />} note={visible(subject)} onClose={() => onOpen('no')}>
      {rulesOf(request, approval.tool).length > 0 && (
        <SheetRow icon={ShieldCheck} note="In this run: exact or a pattern" leads onSelect={() => onOpen('rules')}>
          Always allow…
        </SheetRow>
      )}
      <SheetRow icon={MessageSquareX} note={reasonWords(approval).note} leads onSelect={() => onOpen('reason')}>
        Deny with a reason…
      </SheetRow>
      {edit && (
        <SheetRow
          icon={Pencil}
          note="Changes what it will do"
          leads
          onSelect={() => {
            onOpen('no')
            onMode({ name: 'edit', edit })
          }}
        >
          Edit before allowing
        </SheetRow>
      )}
      {subject !== '' && (
        <SheetRow
          icon={Copy}
          onSelect={() => {
            onOpen('no')
            void copy(subject).then(done =>
              toast(done ? 'Copied' : 'The browser did not copy it', done ? 'done' : 'failed')
            )
          }}
        >
          Copy
        </SheetRow>
      )}
    </Sheet>
  )
}

function RuleSheet({ approval, answer, onMode, onClose }: Answering & { onClose: () => void }) {
  const rules = rulesOf(requestOf(approval), approval.tool)
  const noteOf = useRuleNotes(approval)
  return (
    <Sheet title="Always allow in this run" onClose={onClose}>
      {rules.map(rule => (
        <SheetRow
          key={rule.title}
          note={noteOf(rule)}
          onSelect={() => {
            onClose()
            answer({ allow: true, scope: 'run', pattern: rule.pattern })
          }}
        >
          {rule.title}
        </SheetRow>
      ))}
      <SheetRow
        leads
        note="With what it would have allowed so far"
        onSelect={() => {
          onClose()
          onMode({ name: 'pattern', pattern: rules.at(1)?.pattern ?? approval.subject })
        }}
      >
        A pattern of your own…
      </SheetRow>
    </Sheet>
  )
}

interface ReasonProps {
  note: string
  onDeny: (reason: string) => void
  onClose: () => void
}

function ReasonSheet({ note, onDeny, onClose }: ReasonProps) {
  const [reason, setReason] = useState('')
  return (
    <Sheet title="Deny with a reason" note={note} onClose={onClose}>
      <div className={styles.reasonSheet}>
        <Field label="Reason">
          {control => (
            <TextInput
              {...control}
              autoFocus
              value={reason}
              maxLength={10_000}
              onChange={event => setReason(event.target.value)}
            />
          )}
        </Field>
        <Button
          look="primary"
          onClick={() => {
            onClose()
            onDeny(reason)
          }}
        >
          Deny
        </Button>
      </div>
    </Sheet>
  )
}
