import { CalendarClock, FileDiff, type LucideIcon, Plus, Webhook, Workflow, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { maxTriggers, type TriggerType } from '#contract/work/flow-triggers'
import { randomId } from '../../../lib/random-id.ts'
import { isolated } from '../../../lib/visible.ts'
import { mostFlows, useFlows } from '../../../parts/flows/flows.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Field, Select, TextInput } from '../../../ui/field.tsx'
import settings from '../../../ui/forms/setting.module.css'
import { SettingGroup } from '../../../ui/forms/setting.tsx'
import { Menu, MenuItem } from '../../../ui/menu.tsx'
import { errorAt, type TriggerDraft } from './flow-draft.ts'
import styles from './flow-editor.module.css'
import { ScheduleFields } from './schedule-fields.tsx'
import type { Fields } from './what-settings.tsx'

const kinds: Record<TriggerType, { icon: LucideIcon; title: string; note: string }> = {
  schedule: { icon: CalendarClock, title: 'At a time', note: 'Days and a time, or cron.' },
  webhook: { icon: Webhook, title: 'By a webhook', note: 'Another program sends a signed message.' },
  flow: { icon: Workflow, title: 'After another flow', note: 'With what that one told as its result.' },
  change: { icon: FileDiff, title: 'When something changes', note: 'A file, or a ref of git.' }
}

/** A fresh one of a kind. */
function newTrigger(type: TriggerType): TriggerDraft {
  const keyed = { key: randomId(), id: null }
  switch (type) {
    case 'schedule':
      return { ...keyed, type, cron: '0 9 * * 1-5', timezone: Intl.DateTimeFormat().resolvedOptions().timeZone }
    case 'webhook':
      return { ...keyed, type }
    case 'flow':
      return { ...keyed, type, flowId: '', on: 'success' }
    case 'change':
      return { ...keyed, type, what: 'ref', name: '', folder: '', everyMinutes: '5' }
    default:
      return type satisfies never
  }
}

/** What starts it. `own`: its id, for it cannot come after itself. */
export function TriggerSettings({ draft: { triggers }, set, errors, own }: Fields & { own: string | null }) {
  const change = (key: string, next: TriggerDraft | null) =>
    set({ triggers: triggers.flatMap(one => (one.key === key ? (next ?? []) : one)) })
  return (
    <SettingGroup title="Starts" note="By hand it always can be.">
      {triggers.map((trigger, at) => {
        const { icon: Icon, title } = kinds[trigger.type]
        return (
          <section key={trigger.key} className={styles.trigger} aria-label={`${title}, trigger ${at + 1}`}>
            <header>
              <Icon size={14} aria-hidden />
              <b>{title}</b>
              <IconButton icon={X} label={`Take trigger ${at + 1} out`} onClick={() => change(trigger.key, null)} />
            </header>
            <TriggerFields
              trigger={trigger}
              own={own}
              errorAt={field => errorAt(errors, `triggers.${at}.${field}`)}
              onChange={next => change(trigger.key, next)}
            />
          </section>
        )
      })}
      {triggers.length < maxTriggers && (
        <Menu
          trigger={
            <Button small icon={Plus}>
              Add what starts it
            </Button>
          }
        >
          {(Object.keys(kinds) as TriggerType[]).map(type => (
            <MenuItem
              key={type}
              icon={kinds[type].icon}
              note={kinds[type].note}
              onSelect={() => set({ triggers: [...triggers, newTrigger(type)] })}
            >
              {kinds[type].title}
            </MenuItem>
          ))}
        </Menu>
      )}
    </SettingGroup>
  )
}

interface FieldsProps<Trigger = TriggerDraft> {
  trigger: Trigger
  own: string | null
  errorAt: (field: string) => string | undefined
  onChange: (next: TriggerDraft) => void
}

function TriggerFields({ trigger, ...more }: FieldsProps): ReactNode {
  switch (trigger.type) {
    case 'schedule':
      return <ScheduleFields trigger={trigger} {...more} />
    case 'webhook':
      return (
        <p className={settings.hint}>
          {trigger.id === null
            ? 'Once it is saved it has an address, and you make its secret there.'
            : 'Its address and its secret stand with the flow.'}
        </p>
      )
    case 'flow':
      return <AfterFields trigger={trigger} {...more} />
    case 'change':
      return <ChangeFields trigger={trigger} {...more} />
    default:
      return trigger satisfies never
  }
}

const endings = { success: 'ended well', failure: 'failed', end: 'ended, however' } as const

function AfterFields({ trigger, own, errorAt, onChange }: FieldsProps<Extract<TriggerDraft, { type: 'flow' }>>) {
  const flows = (useFlows({}, mostFlows).flows ?? []).filter(({ id }) => id !== own)
  return (
    <div className={styles.pair}>
      <Field label="Flow" error={errorAt('flowId')}>
        {control => (
          <Select
            {...control}
            value={trigger.flowId}
            onChange={event => onChange({ ...trigger, flowId: event.target.value })}
          >
            <option value="">Choose a flow</option>
            {flows.map(({ id, title }) => (
              <option key={id} value={id}>
                {isolated(title)}
              </option>
            ))}
            {trigger.flowId !== '' && !flows.some(({ id }) => id === trigger.flowId) && (
              <option value={trigger.flowId}>One that is gone, or not in this list</option>
            )}
          </Select>
        )}
      </Field>
      <Field label="When it" error={errorAt('on')}>
        {control => (
          <Select
            {...control}
            value={trigger.on}
            onChange={event => onChange({ ...trigger, on: event.target.value as typeof trigger.on })}
          >
            {Object.entries(endings).map(([id, words]) => (
              <option key={id} value={id}>
                {words}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </div>
  )
}

function ChangeFields({ trigger, errorAt, onChange }: FieldsProps<Extract<TriggerDraft, { type: 'change' }>>) {
  return (
    <>
      <WatchedFields
        what={trigger.what}
        name={trigger.name}
        error={errorAt('watched')}
        onChange={watched => onChange({ ...trigger, ...watched })}
      />
      <div className={styles.pair}>
        <FolderField
          folder={trigger.folder}
          error={errorAt('folder')}
          onChange={folder => onChange({ ...trigger, folder })}
        />
        <Field label="Look every, in minutes" error={errorAt('everySeconds')}>
          {control => (
            <TextInput
              {...control}
              inputMode="decimal"
              autoComplete="off"
              value={trigger.everyMinutes}
              onChange={event => onChange({ ...trigger, everyMinutes: event.target.value })}
            />
          )}
        </Field>
      </div>
    </>
  )
}

interface WatchedProps {
  what: 'file' | 'ref'
  name: string
  error: string | undefined
  onChange: (watched: { what?: 'file' | 'ref'; name?: string }) => void
}

/** What lies in a folder and may become another. */
export function WatchedFields({ what, name, error, onChange }: WatchedProps) {
  return (
    <div className={styles.pair}>
      <Field label="What">
        {control => (
          <Select
            {...control}
            value={what}
            onChange={event => onChange({ what: event.target.value === 'file' ? 'file' : 'ref' })}
          >
            <option value="ref">A ref of git: a branch or a tag</option>
            <option value="file">A file, or the names in a folder</option>
          </Select>
        )}
      </Field>
      <Field label={what === 'file' ? 'Its path, seen from the folder' : 'Its name'} {...(error && { error })}>
        {control => (
          <TextInput
            {...control}
            mono
            autoComplete="off"
            spellCheck={false}
            placeholder={what === 'file' ? 'reports/today.csv' : 'main'}
            value={name}
            onChange={event => onChange({ name: event.target.value })}
          />
        )}
      </Field>
    </div>
  )
}

interface FolderProps {
  folder: string
  error: string | undefined
  onChange: (folder: string) => void
}

export function FolderField({ folder, error, onChange }: FolderProps) {
  return (
    <Field label="Folder" hint="Empty: that of the agent." {...(error && { error })}>
      {control => (
        <TextInput
          {...control}
          mono
          autoComplete="off"
          spellCheck={false}
          value={folder}
          onChange={event => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}
