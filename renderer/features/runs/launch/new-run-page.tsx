import { type FormEvent, type ReactNode, useEffect } from 'react'
import { Link, useLocation } from 'wouter'
import { useHotkeys } from '../../../lib/hotkeys.ts'
import { PromptField } from '../../../parts/launch/prompt-field.tsx'
import { RuntimeField } from '../../../parts/launch/runtime-field.tsx'
import { type Launching, useLaunchDraft } from '../../../parts/launch/use-launch-draft.ts'
import { WhereField } from '../../../parts/launch/where-field.tsx'
import { useLaunch } from '../../../parts/launch.ts'
import { Button, classOf } from '../../../ui/button.tsx'
import { Field, TextInput } from '../../../ui/field.tsx'
import { Problem } from '../../../ui/notice.tsx'
import { Bar, Gap, Title } from '../../../ui/page.tsx'
import { CommandFields } from './command-fields.tsx'
import styles from './new-run-page.module.css'
import { PermissionField } from './permission-field.tsx'

const formId = 'new-run'

export function NewRunPage() {
  const launching = useLaunchDraft(useLaunch())
  const [, navigate] = useLocation()
  useHotkeys([{ keys: 'Escape', label: 'Leave the form', run: () => navigate('/runs') }])
  useEffect(() => {
    document.title = 'New run · Flotilla'
  }, [])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    launching.submit()
  }
  return (
    <>
      <Bar>
        <Title>New run</Title>
        <Gap />
        <Link href="/runs" className={classOf('ghost')}>
          Cancel
        </Link>
        <Button look="primary" type="submit" form={formId} hotkey="mod+Enter" disabled={launching.pending}>
          {launching.pending ? 'Starting' : 'Start run'}
        </Button>
      </Bar>
      <div className={styles.scroll}>
        {launching.failure && <Problem title="The run was not started">{launching.failure}</Problem>}
        <form id={formId} className={styles.form} onSubmit={submit} noValidate>
          <Part title="What should it do?">
            <PromptField launching={launching} autoFocus />
          </Part>
          <Part title="Where should it work?">
            <WhereField launching={launching} />
          </Part>
          <Part title="Which runtime?">
            <RuntimeField launching={launching} />
            {launching.chosen?.kind === 'program' && <CommandFields launching={launching} />}
          </Part>
          <Part title="What may it do without asking?">
            <PermissionField launching={launching} />
          </Part>
          <Part title="Limits">
            <Limits launching={launching} />
          </Part>
        </form>
      </div>
    </>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles.part}>
      <h2>{title}</h2>
      {children}
    </section>
  )
}

function Limits({ launching: { draft, set, errors, chosen } }: { launching: Launching }) {
  const models = chosen?.capabilities.models ?? []
  return (
    <div className={styles.limits}>
      {models.length > 0 && (
        <Field label="Model" error={errors.model} hint="Empty: the runtime's own choice.">
          {control => (
            <>
              <TextInput
                {...control}
                list="models"
                value={draft.model}
                spellCheck={false}
                autoComplete="off"
                onChange={event => set({ model: event.target.value })}
              />
              <datalist id="models">
                {models.map(({ id, title }) => (
                  <option key={id} value={id}>
                    {title}
                  </option>
                ))}
              </datalist>
            </>
          )}
        </Field>
      )}
      <Field
        label="Stop after minutes"
        error={errors.timeoutSeconds}
        hint="Empty: no limit. Time spent waiting for you does not count."
      >
        {control => (
          <TextInput
            {...control}
            inputMode="decimal"
            value={draft.timeoutMinutes}
            onChange={event => set({ timeoutMinutes: event.target.value })}
          />
        )}
      </Field>
    </div>
  )
}
