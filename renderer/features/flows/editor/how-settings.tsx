import { type ReactNode, useId } from 'react'
import { Field, Select, TextInput } from '../../../ui/field.tsx'
import settings from '../../../ui/forms/setting.module.css'
import { Radio, SettingGroup } from '../../../ui/forms/setting.tsx'
import { errorAt, type FlowDraft } from './flow-draft.ts'
import styles from './flow-editor.module.css'
import { FolderField, WatchedFields } from './trigger-settings.tsx'
import type { Fields } from './what-settings.tsx'

type TextField = {
  [Field in keyof FlowDraft]: FlowDraft[Field] extends string
    ? string extends FlowDraft[Field]
      ? Field
      : never
    : never
}[keyof FlowDraft]

interface NumberProps extends Fields {
  field: TextField
  /** Of the API. */
  path: string
  before: ReactNode
  after: ReactNode
  /** Its name: the words around it are no label. */
  label: string
}

/** A number in a sentence. */
function InSentence({ draft, set, errors, field, path, before, after, label }: NumberProps) {
  const id = useId()
  const fault = errors[path]
  return (
    <>
      <div className={styles.sentence}>
        {before}
        <TextInput
          aria-label={label}
          aria-invalid={fault ? true : undefined}
          aria-describedby={fault ? id : undefined}
          inputMode="decimal"
          autoComplete="off"
          value={draft[field]}
          onChange={event => set({ [field]: event.target.value })}
        />
        {after}
      </div>
      {fault && (
        <p id={id} className={settings.error}>
          {fault}
        </p>
      )}
    </>
  )
}

export function ApprovalSetting(fields: Fields) {
  const { draft, set } = fields
  const group = useId()
  return (
    <SettingGroup title="Approval" note="Before each run.">
      <Radio
        group={group}
        checked={draft.mode === 'auto'}
        onChoose={() => set({ mode: 'auto' })}
        title="Run by itself"
        note="What its agent must ask, it still asks."
      />
      <Radio
        group={group}
        checked={draft.mode === 'always_ask'}
        onChoose={() => set({ mode: 'always_ask' })}
        title="Always ask"
        note="Each run waits in Approvals until a person says yes."
      />
      {draft.mode === 'always_ask' && (
        <InSentence
          {...fields}
          field="approvalHours"
          path="approvalMinutes"
          label="Hours until no answer counts as no"
          before="No answer within"
          after="hours counts as no"
        />
      )}
    </SettingGroup>
  )
}

export function FailureSetting(fields: Fields) {
  return (
    <SettingGroup title="If it fails">
      <InSentence {...fields} field="retries" path="retries" label="Retries" before="Try again" after="times" />
      <InSentence
        {...fields}
        field="retryMinutes"
        path="retryDelaySeconds"
        label="Minutes before the first retry"
        before="the first time after"
        after="minutes, then twice as long each time"
      />
      <InSentence
        {...fields}
        field="pauseAfter"
        path="pauseAfterFailures"
        label="Failures in a row after which it pauses"
        before="Pause it after"
        after="failures in a row (empty: never)"
      />
    </SettingGroup>
  )
}

const overlaps = {
  refuse: { title: 'Leave that time out', note: 'It is noted as refused.' },
  queue: { title: 'Let it wait for its turn', note: 'At most 20 wait.' },
  parallel: { title: 'Run beside it', note: undefined }
} as const

export function OverlapSetting(fields: Fields) {
  const { draft, set } = fields
  const group = useId()
  return (
    <SettingGroup title="While it runs" note="And it is to start again.">
      {(Object.keys(overlaps) as (keyof typeof overlaps)[]).map(one => (
        <Radio
          key={one}
          group={group}
          checked={draft.overlap === one}
          onChoose={() => set({ overlap: one })}
          title={overlaps[one].title}
          note={overlaps[one].note}
        />
      ))}
      {draft.overlap === 'parallel' && (
        <InSentence
          {...fields}
          field="maxParallel"
          path="maxParallel"
          label="Runs at once"
          before="up to"
          after="runs at once"
        />
      )}
    </SettingGroup>
  )
}

const catchUps = {
  once: { title: 'Start once', note: 'However many were missed.' },
  skip: { title: 'Leave them out', note: 'They are noted as skipped.' },
  all: { title: 'Make up for each', note: 'One after the other.' }
} as const

export function CatchUpSetting(fields: Fields) {
  const { draft, set } = fields
  const group = useId()
  return (
    <SettingGroup title="Missed times" note="While Flotilla was closed or the computer asleep.">
      {(Object.keys(catchUps) as (keyof typeof catchUps)[]).map(one => (
        <Radio
          key={one}
          group={group}
          checked={draft.catchUp === one}
          onChoose={() => set({ catchUp: one })}
          title={catchUps[one].title}
          note={catchUps[one].note}
        />
      ))}
      {draft.catchUp === 'all' && (
        <InSentence
          {...fields}
          field="catchUpMax"
          path="catchUpMax"
          label="Missed times that are made up for"
          before="but only for the last"
          after=""
        />
      )}
    </SettingGroup>
  )
}

/** Asked of the runner before a tick costs anything. */
export function CheckSetting({ draft, set, errors }: Fields) {
  const fault = errorAt(errors, 'preCheck')
  return (
    <SettingGroup title="Check before" note="On the machine, before any model is asked. By hand it is not checked.">
      <Select
        aria-label="Check before"
        value={draft.check}
        onChange={event => set({ check: event.target.value as FlowDraft['check'] })}
      >
        <option value="none">Nothing: it runs each time</option>
        <option value="command">Run only when a command ends with 0</option>
        <option value="ref">Run only when a ref of git became another</option>
        <option value="file">Run only when a file became another</option>
      </Select>
      {draft.check === 'command' && (
        <div className={styles.trigger}>
          <Field label="Command" {...(fault && { error: fault })}>
            {control => (
              <TextInput
                {...control}
                mono
                autoComplete="off"
                spellCheck={false}
                placeholder="git diff --quiet origin/main"
                value={draft.checkCommand}
                onChange={event => set({ checkCommand: event.target.value })}
              />
            )}
          </Field>
          <CheckMore draft={draft} set={set} errors={errors} />
        </div>
      )}
      {(draft.check === 'file' || draft.check === 'ref') && (
        <div className={styles.trigger}>
          <WatchedFields
            what={draft.check}
            name={draft.checkName}
            error={fault}
            onChange={({ what, name }) =>
              set({ ...(what && { check: what }), ...(name !== undefined && { checkName: name }) })
            }
          />
          <CheckMore draft={draft} set={set} errors={errors} />
        </div>
      )}
    </SettingGroup>
  )
}

function CheckMore({ draft, set, errors }: Fields) {
  return (
    <div className={styles.pair}>
      <FolderField
        folder={draft.checkFolder}
        error={errors['preCheck.folder']}
        onChange={checkFolder => set({ checkFolder })}
      />
      <Field label="When there is no answer">
        {control => (
          <Select
            {...control}
            value={draft.checkIfUnknown}
            onChange={event => set({ checkIfUnknown: event.target.value === 'skip' ? 'skip' : 'run' })}
          >
            <option value="run">Run</option>
            <option value="skip">Skip that time</option>
          </Select>
        )}
      </Field>
    </div>
  )
}

export function TimeoutSetting(fields: Fields) {
  return (
    <SettingGroup title="Timeout">
      <InSentence
        {...fields}
        field="timeoutMinutes"
        path="timeoutSeconds"
        label="Timeout in minutes"
        before="Stop a run after"
        after="minutes (empty: never)"
      />
    </SettingGroup>
  )
}

export function WorthSetting(fields: Fields) {
  return (
    <SettingGroup title="Worth">
      <InSentence
        {...fields}
        field="humanMinutes"
        path="estimatedHumanMinutes"
        label="Minutes of a person’s time that a run saves"
        before="Saves about"
        after="minutes of a person’s time per run"
      />
    </SettingGroup>
  )
}
