import { type FormEvent, useId, useState } from 'react'
import type { Approval } from '#contract/runs/approvals'
import { Button } from '../../ui/button.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { Said } from '../../ui/said.tsx'
import styles from './approval-answer.module.css'
import type { Question } from './approval-request.ts'
import type { Decision } from './approvals.ts'

interface Props {
  approval: Approval
  questions: Question[]
  pending: boolean
  button: (disabled: boolean) => object
  answer: (decision: Decision) => void
}

interface Reply {
  chosen: string[]
  own: string
}

function words({ chosen, own }: Reply): string {
  return [...chosen, own.trim()].filter(Boolean).join(', ')
}

/** A question is answered by a choice, by own words, or by both where several may be chosen. */
export function QuestionForm({ approval, questions, pending, button, answer }: Props) {
  const [replies, setReplies] = useState<Record<string, Reply>>({})
  const replyTo = (question: string) => replies[question] ?? { chosen: [], own: '' }
  const complete = questions.every(({ question }) => words(replyTo(question)) !== '')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!complete) return
    const answers = Object.fromEntries(questions.map(({ question }) => [question, words(replyTo(question))]))
    answer({ allow: true, scope: 'once', input: { ...approval.input, answers } })
  }
  return (
    <form className={styles.questions} onSubmit={submit}>
      {questions.map(question => (
        <QuestionField
          key={question.question}
          question={question}
          reply={replyTo(question.question)}
          onReply={reply => setReplies({ ...replies, [question.question]: reply })}
        />
      ))}
      <div className={styles.answer}>
        <Button look="primary" type="submit" data-answer="send" {...button(!complete || pending)}>
          Send answer
        </Button>
        <Button
          data-answer="deny"
          {...button(pending)}
          onClick={() => answer({ allow: false, reason: 'The person did not want to answer.' })}
        >
          Do not answer
        </Button>
      </div>
    </form>
  )
}

interface FieldProps {
  question: Question
  reply: Reply
  onReply: (reply: Reply) => void
}

function QuestionField({ question: { question, many, options }, reply, onReply }: FieldProps) {
  const name = useId()
  const choose = (label: string, on: boolean) => {
    if (!many) return onReply({ chosen: [label], own: '' })
    onReply({ ...reply, chosen: on ? [...reply.chosen, label] : reply.chosen.filter(one => one !== label) })
  }
  return (
    <fieldset className={styles.question}>
      <legend>
        <Said exact>{question}</Said>
      </legend>
      {options.map(({ label, note }) => (
        <label key={label} className={styles.option}>
          <input
            type={many ? 'checkbox' : 'radio'}
            name={name}
            checked={reply.chosen.includes(label)}
            onChange={event => choose(label, event.target.checked)}
          />
          <span>
            <Said exact>{label}</Said>
            {note && (
              <span className={styles.note}>
                <Said exact>{note}</Said>
              </span>
            )}
          </span>
        </label>
      ))}
      <Field label="Own answer" hideLabel>
        {control => (
          <TextInput
            {...control}
            placeholder={options.length > 0 ? 'Or in your own words' : 'Your answer'}
            value={reply.own}
            onChange={event => onReply({ chosen: many ? reply.chosen : [], own: event.target.value })}
          />
        )}
      </Field>
    </fieldset>
  )
}
