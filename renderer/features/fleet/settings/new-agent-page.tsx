import { type FormEvent, type KeyboardEvent, useEffect, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { fieldErrorsOf, wordsOf } from '../../../lib/call.ts'
import { focusFirstFault } from '../../../lib/focus.ts'
import { useHotkeys } from '../../../lib/hotkeys.ts'
import { useKeptDraft } from '../../../lib/kept-draft.ts'
import { useNarrow } from '../../../lib/narrow.ts'
import { randomId } from '../../../lib/random-id.ts'
import { useCreateAgent } from '../../../parts/agents.ts'
import { useMay } from '../../../parts/who.ts'
import { Button, Content, classOf } from '../../../ui/button.tsx'
import { Problem } from '../../../ui/notice.tsx'
import { Bar, Gap, Title } from '../../../ui/page.tsx'
import { InWords } from './in-words.tsx'
import { NameSetting } from './name-setting.tsx'
import styles from './new-agent-page.module.css'
import { freshDraft, type SettingsDraft, settingsOf } from './settings-draft.ts'
import { FolderSetting, ModelSetting, PermissionSetting, RoleSetting, RuntimeSetting } from './work-fields.tsx'

const formId = 'new-agent'

/** A form that needs only a name, and says what the agent will be able to do. */
export function NewAgentPage() {
  const { draft, set: setDraft, clear } = useKeptDraft('agent-drafts', 'new', freshDraft)
  const [checked, setChecked] = useState<Record<string, string>>({})
  const [key, setKey] = useState(randomId)
  const create = useCreateAgent()
  const may = useMay('write')
  const [, navigate] = useLocation()
  useHotkeys([{ keys: 'Escape', label: 'Leave the form', run: () => navigate('/fleet') }])
  useEffect(() => {
    document.title = 'New agent · Flotilla'
  }, [])
  const refused = create.error ? fieldErrorsOf(create.error) : {}
  const set = (change: Partial<SettingsDraft>) => {
    setDraft(change)
    setChecked({})
    create.reset()
    // Another request than before: it must not count as a repetition of the old one.
    setKey(randomId())
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const made = settingsOf(draft)
    if ('errors' in made) {
      setChecked(made.errors)
      focusFirstFault()
      return
    }
    create
      .mutateAsync({ body: made.values, key })
      .then(agent => {
        clear()
        navigate(`/fleet/${agent.id}`)
      })
      .catch(focusFirstFault)
  }
  const fields = { draft, set, errors: { ...refused, ...checked } }
  return (
    <>
      <Bar back={{ href: '/fleet', label: 'Fleet' }}>
        <Title>New agent</Title>
        <Gap />
        <Cancel />
        <Button look="primary" type="submit" form={formId} hotkey="mod+Enter" disabled={!may || create.isPending}>
          {create.isPending ? 'Creating' : 'Create agent'}
        </Button>
      </Bar>
      <div className={styles.columns}>
        <div className={styles.scroll}>
          {!may && (
            <Problem title="Your role may look at agents, not make them">An owner can change your role.</Problem>
          )}
          {create.error && Object.keys(refused).length === 0 && (
            <Problem title="The agent was not made">{wordsOf(create.error)} What you typed is kept.</Problem>
          )}
          <form id={formId} noValidate onSubmit={submit} onKeyDown={submitByKey}>
            <NameSetting {...fields} />
            <RuntimeSetting {...fields} />
            <FolderSetting {...fields} />
            <ModelSetting {...fields} />
            <PermissionSetting {...fields} />
            <RoleSetting {...fields} />
          </form>
          <p className={styles.rest}>Everything else, such as team, limits and MCP servers, stands in its settings.</p>
        </div>
        <InWords draft={draft} />
      </div>
    </>
  )
}

function submitByKey(event: KeyboardEvent<HTMLFormElement>) {
  if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) event.currentTarget.requestSubmit()
}

/** Where there is one column, the way back stands at the bar's other end. */
function Cancel() {
  if (useNarrow()) return null
  return (
    <Link href="/fleet" className={classOf('ghost')}>
      <Content hotkey="Escape">Cancel</Content>
    </Link>
  )
}
