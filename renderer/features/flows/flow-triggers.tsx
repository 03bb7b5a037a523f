import { CalendarClock, FileDiff, type LucideIcon, Webhook, Workflow } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { FlowTrigger, TriggerType } from '#contract/work/flow-triggers'
import type { Flow } from '#contract/work/flows'
import { until, upcoming } from '../../lib/format.ts'
import { useMinute } from '../../lib/now.ts'
import { triggerWords } from '../../parts/flows/flow-words.ts'
import { useFlow, useFlowActions } from '../../parts/flows/flows.ts'
import { Ago } from '../../ui/ago.tsx'
import { Button } from '../../ui/button.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Said } from '../../ui/said.tsx'
import styles from './flow-panel.module.css'

const icons: Record<TriggerType, LucideIcon> = {
  schedule: CalendarClock,
  webhook: Webhook,
  flow: Workflow,
  change: FileDiff
}

/** What starts it, beside a hand. */
export function FlowTriggers({ flow, readOnly }: { flow: Flow; readOnly: string | null }) {
  return (
    <section>
      <h3 className={styles.label}>What starts it</h3>
      {flow.triggers.length === 0 && <p className={styles.quiet}>Nothing but a hand.</p>}
      <ul className={styles.triggers} aria-label="What starts this flow">
        {flow.triggers.map(trigger => {
          const Icon = icons[trigger.type]
          return (
            <li key={trigger.id}>
              <Icon size={14} aria-hidden />
              <div>
                <Words trigger={trigger} />
                <More flow={flow} trigger={trigger} readOnly={readOnly} />
              </div>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function Words({ trigger }: { trigger: FlowTrigger }) {
  if (trigger.type === 'flow') return <AfterFlow trigger={trigger} />
  return (
    <p>
      <Said>{triggerWords(trigger, () => undefined)}</Said>
    </p>
  )
}

/** One that is gone, or belongs to somebody else, has no name here. */
function AfterFlow({ trigger }: { trigger: Extract<FlowTrigger, { type: 'flow' }> }) {
  const source = useFlow(trigger.flowId).data
  const words = <Said>{triggerWords(trigger, () => source?.title)}</Said>
  return <p>{source ? <Link href={`/flows/${source.id}`}>{words}</Link> : words}</p>
}

interface MoreProps {
  flow: Flow
  trigger: FlowTrigger
  readOnly: string | null
}

function More({ flow, trigger, readOnly }: MoreProps) {
  const now = useMinute()
  switch (trigger.type) {
    case 'schedule':
      return (
        <small>
          <code>{trigger.cron}</code>, {trigger.timezone}
          {trigger.nextAt !== null && `; next ${upcoming(trigger.nextAt, now)}, ${until(trigger.nextAt, now)}`}
        </small>
      )
    case 'webhook':
      return <WebhookSecret flow={flow} trigger={trigger} readOnly={readOnly} />
    case 'flow':
      return null
    case 'change':
      return (
        <small>
          {trigger.folder !== null && (
            <>
              in <Said>{trigger.folder}</Said>,{' '}
            </>
          )}
          looked at every {Math.round(trigger.everySeconds / 60)} min
          {trigger.lookedAt !== null && (
            <>
              , last <Ago ts={trigger.lookedAt} ago />
            </>
          )}
        </small>
      )
    default:
      return trigger satisfies never
  }
}

type WebhookProps = MoreProps & { trigger: Extract<FlowTrigger, { type: 'webhook' }> }

/** Where its messages go, and the secret that signs them: shown once, and gone when the dialog is closed. */
function WebhookSecret({ flow, trigger, readOnly }: WebhookProps) {
  const { secret } = useFlowActions()
  const [asking, setAsking] = useState(false)
  const [made, setMade] = useState<string | null>(null)
  const make = async () => setMade((await secret.mutateAsync({ id: flow.id, triggerId: trigger.id })).secret)
  return (
    <>
      <Copyable label="the address of the webhook" text={location.origin + trigger.path} />
      <small>
        Takes messages that are signed as Standard Webhooks says.{' '}
        {!trigger.signed && 'It has no secret yet and takes none.'}
      </small>
      {readOnly === null && (
        <Button small onClick={() => setAsking(true)}>
          {trigger.signed ? 'New secret' : 'Make its secret'}
        </Button>
      )}
      {asking && (
        <FormDialog
          title={trigger.signed ? 'Make a new secret?' : 'Make the secret of this webhook'}
          action="Make secret"
          onSubmit={make}
          onClose={() => setAsking(false)}
        >
          <p>
            It is shown once, to be put where the messages come from.
            {trigger.signed && ' What is signed with the one before is refused from then on.'}
          </p>
        </FormDialog>
      )}
      {made !== null && (
        <Dialog title="Secret of the webhook" onClose={() => setMade(null)}>
          <p>It is shown only now. Put it where the messages come from; they are signed with it, not sent with it.</p>
          <Copyable label="the secret" text={made} />
          <div className={styles.done}>
            <Button look="primary" onClick={() => setMade(null)}>
              Done
            </Button>
          </div>
        </Dialog>
      )}
    </>
  )
}
