import { type FormEvent, type ReactNode, useEffect } from 'react'
import type { RuntimeReport } from '#contract/runners/runners'
import { Button } from '../../ui/button.tsx'
import { Problem } from '../../ui/notice.tsx'
import type { useLaunch } from '../launch.ts'
import styles from './first-run.module.css'
import { PromptField } from './prompt-field.tsx'
import { RuntimeField } from './runtime-field.tsx'
import { useLaunchDraft } from './use-launch-draft.ts'
import { WhereField } from './where-field.tsx'

const formId = 'first-run'

interface Props {
  /** What is made: a run, or an agent with its first one. */
  title: string
  launch: ReturnType<typeof useLaunch>
  /** Other ways to begin. */
  children: ReactNode
}

/** What stands in place of an empty list: three choices, none hidden, that end in the run view. */
export function FirstRun({ title, launch, children }: Props) {
  const launching = useLaunchDraft(launch)
  const { draft, chosen, pending, failure } = launching
  useEffect(() => {
    document.title = 'Start · Flotilla'
  }, [])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    launching.submit()
  }
  const placed = draft.where === 'private' || draft.cwd.trim() !== ''
  return (
    <>
      <div className={styles.scroll}>
        <form id={formId} className={styles.wizard} onSubmit={submit} noValidate>
          <h2 className={styles.headline}>{title}</h2>
          <p className={styles.lead}>Three choices. {chosen && whereItGoes(chosen.kind)}</p>
          {failure && <Problem title="The run was not started">{failure}</Problem>}
          <Step n={1} title="Where should it work?" on>
            <WhereField launching={launching} />
          </Step>
          <Step n={2} title="Which runtime?" on={placed}>
            <RuntimeField launching={launching} agentsOnly />
            <p className={styles.hint}>
              {chosen?.kind === 'practice' &&
                'A rehearsal: the practice agent shows how a run looks, asks and is followed up.'}
            </p>
          </Step>
          <Step n={3} title="What should it do first?" on={placed && chosen !== undefined}>
            <PromptField launching={launching} rows={2} />
          </Step>
        </form>
      </div>
      <div className={styles.start}>
        <div>
          <Button look="primary" type="submit" form={formId} hotkey="mod+Enter" disabled={pending}>
            {pending ? 'Starting' : 'Start run'}
          </Button>
          <span className={styles.ways}>{children}</span>
        </div>
      </div>
    </>
  )
}

/** Only the practice agent asks no model. */
function whereItGoes(kind: RuntimeReport['kind']): string {
  return kind === 'practice'
    ? 'Everything stays on this computer.'
    : 'Runs and their logs stay on this computer; prompts, and the files an agent reads, go to the provider of its model.'
}

function Step({ n, title, on, children }: { n: number; title: string; on: boolean; children: ReactNode }) {
  return (
    <section className={styles.step} data-on={on || undefined}>
      <div className={styles.line} aria-hidden>
        <span>{n}</span>
      </div>
      <div className={styles.body}>
        <h3>{title}</h3>
        {children}
      </div>
    </section>
  )
}
