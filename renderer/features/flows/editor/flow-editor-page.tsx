import { type FormEvent, useEffect, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { AppError } from '#contract/errors'
import type { Flow } from '#contract/work/flows'
import { fieldErrorsOf, wordsOf } from '../../../lib/call.ts'
import { focusFirstFault } from '../../../lib/focus.ts'
import { useHotkeys } from '../../../lib/hotkeys.ts'
import { differing, useKeptDraft } from '../../../lib/kept-draft.ts'
import { randomId } from '../../../lib/random-id.ts'
import { isolated } from '../../../lib/visible.ts'
import { useFlow, useFlowActions } from '../../../parts/flows/flows.ts'
import { McpSetting } from '../../../parts/mcps/mcp-setting.tsx'
import { useReadOnly } from '../../../parts/read-only.ts'
import { Button, classOf } from '../../../ui/button.tsx'
import { Empty, Problem, SkeletonRows } from '../../../ui/notice.tsx'
import { Bar, Gap, Title } from '../../../ui/page.tsx'
import { Said } from '../../../ui/said.tsx'
import { toast } from '../../../ui/toast.tsx'
import { draftOf, type FlowDraft, flowOf, freshDraft } from './flow-draft.ts'
import styles from './flow-editor.module.css'
import { FlowInWords } from './flow-in-words.tsx'
import {
  ApprovalSetting,
  CatchUpSetting,
  CheckSetting,
  FailureSetting,
  OverlapSetting,
  TimeoutSetting,
  WorthSetting
} from './how-settings.tsx'
import { TriggerSettings } from './trigger-settings.tsx'
import { AgentSetting, PromptSetting, TitleSettings, VariableSetting } from './what-settings.tsx'

/** A flow that is made, or changed. `from` in the address names one that it begins as. */
export function FlowEditorPage({ id }: { id?: string }) {
  const from = new URLSearchParams(location.search).get('from')
  const known = id ?? from
  return known === null ? (
    <Editor flow={null} base={freshDraft} kept="new" />
  ) : (
    <Known key={known} id={known} copy={id === undefined} />
  )
}

function Known({ id, copy }: { id: string; copy: boolean }) {
  const { data: flow, error, refetch } = useFlow(id)
  const gone = error instanceof AppError && error.code === 'NOT_FOUND'
  if (flow && !gone)
    return copy ? (
      <Editor flow={null} base={copyOf(flow)} kept={`like ${id}`} />
    ) : (
      <Editor flow={flow} base={draftOf(flow)} kept={id} />
    )
  return (
    <>
      <Bar back={{ href: '/flows', label: 'All flows' }}>
        <Title>Edit flow</Title>
      </Bar>
      {gone && (
        <Empty
          title="There is no such flow"
          action={
            <Link href="/flows" className={classOf()}>
              Show all flows
            </Link>
          }
        >
          It was deleted, or belongs to somebody else.
        </Empty>
      )}
      {error && !gone && (
        <Problem
          title="The flow could not be read"
          action={
            <Button small onClick={() => void refetch()}>
              Try again
            </Button>
          }
        >
          {wordsOf(error)}
        </Problem>
      )}
      {!error && <SkeletonRows height={52} />}
    </>
  )
}

/** Its triggers are new ones: a webhook gets an address and a secret of its own. */
function copyOf(flow: Flow): FlowDraft {
  const draft = draftOf(flow)
  return {
    ...draft,
    title: `${flow.title.slice(0, 190)}, again`,
    triggers: draft.triggers.map(trigger => ({ ...trigger, id: null }))
  }
}

const formId = 'flow-form'

interface Props {
  /** null: a new one. */
  flow: Flow | null
  /** What the form holds before anything is typed. */
  base: FlowDraft
  /** What its draft is kept under. */
  kept: string
}

/** What was typed, what is wrong with it, and how it is saved. */
function useEditor({ flow, base, kept }: Props) {
  const { draft, set: keep, clear } = useKeptDraft('flow-drafts', kept, base)
  const [checked, setChecked] = useState<Record<string, string>>({})
  const [key, setKey] = useState(randomId)
  const { create, change } = useFlowActions()
  const [, navigate] = useLocation()
  const made = flowOf(draft)
  const saved = flowOf(base)
  const changes =
    'values' in made && 'values' in saved && flow
      ? differing(saved.values, made.values)
      : JSON.stringify(draft) === JSON.stringify(base)
        ? {}
        : null
  const error = create.error ?? change.error
  const refused = error ? fieldErrorsOf(error) : {}
  const set = (typed: Partial<FlowDraft>) => {
    keep(typed)
    setChecked({})
    create.reset()
    change.reset()
    // Another request than before: it must not count as a repetition of the old one.
    setKey(randomId())
  }
  const save = (status: 'active' | 'draft') => {
    if (create.isPending || change.isPending) return
    if ('errors' in made) {
      setChecked(made.errors)
      focusFirstFault()
      return
    }
    const saving = flow
      ? change.mutateAsync({ id: flow.id, ...changes })
      : create.mutateAsync({ body: { ...made.values, status }, key })
    saving
      .then(({ id }) => {
        clear()
        navigate(`/flows/${id}`)
        if (flow) toast('Saved. It counts from its next run on.')
      })
      .catch(focusFirstFault)
  }
  return {
    draft,
    set,
    errors: { ...refused, ...checked },
    /** What no field says. */
    fault: error && Object.keys(refused).length === 0 ? wordsOf(error) : null,
    dirty: changes === null || Object.keys(changes).length > 0,
    busy: create.isPending || change.isPending,
    save,
    discard: () => {
      clear()
      setChecked({})
    }
  }
}

function Editor({ flow, base, kept }: Props) {
  const editor = useEditor({ flow, base, kept })
  const { draft, set, errors, fault } = editor
  const readOnly = useReadOnly()
  const [, navigate] = useLocation()
  const fields = { draft, set, errors }
  const back = flow ? `/flows/${flow.id}` : '/flows'
  useHotkeys([
    { keys: 'Escape', label: 'Leave the form', run: () => navigate(back) },
    ...(readOnly === null ? [{ keys: 'mod+s', label: 'Save', inFields: true, run: () => editor.save('active') }] : [])
  ])
  const name = flow ? isolated(flow.title) : 'New flow'
  useEffect(() => {
    document.title = `${name} · Flotilla`
  }, [name])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    editor.save('active')
  }
  return (
    <>
      <EditorBar flow={flow} editor={editor} readOnly={readOnly} back={back} />
      <div className={styles.columns}>
        <div className={styles.scroll}>
          {readOnly && <p className={styles.viewer}>{readOnly}</p>}
          {fault && <Problem title="It was not saved">{fault} What you typed is kept.</Problem>}
          <form id={formId} noValidate onSubmit={submit}>
            <fieldset className={styles.all} disabled={readOnly !== null}>
              <legend className="hidden-label">Settings</legend>
              <TitleSettings {...fields} />
              <PromptSetting {...fields} />
              <VariableSetting {...fields} />
              <AgentSetting {...fields} />
              <TriggerSettings {...fields} own={flow?.id ?? null} />
              <ApprovalSetting {...fields} />
              <FailureSetting {...fields} />
              <OverlapSetting {...fields} />
              <CatchUpSetting {...fields} />
              <CheckSetting {...fields} />
              <TimeoutSetting {...fields} />
              <McpSetting draft={draft} set={set} all="Those of the agent" note="As its own settings say." />
              <WorthSetting {...fields} />
            </fieldset>
          </form>
        </div>
        <FlowInWords draft={draft} flow={flow} />
      </div>
    </>
  )
}

interface BarProps {
  flow: Flow | null
  editor: ReturnType<typeof useEditor>
  readOnly: string | null
  back: string
}

function EditorBar({ flow, editor: { dirty, busy, save, discard }, readOnly, back }: BarProps) {
  const may = readOnly === null
  return (
    <Bar back={{ href: back, label: flow ? 'The flow' : 'All flows' }}>
      <nav aria-label="Breadcrumb" className={styles.crumbs}>
        <Link href="/flows">Flows</Link>
        <span aria-hidden>›</span>
        {flow && (
          <>
            <Link href={back} className="truncate">
              <Said>{flow.title}</Said>
            </Link>
            <span aria-hidden>›</span>
          </>
        )}
      </nav>
      <Title>{flow ? 'Edit' : 'New flow'}</Title>
      {dirty && <span className={styles.unsaved}>Not saved yet; kept here</span>}
      <Gap />
      {dirty && <Button onClick={discard}>Discard</Button>}
      {!flow && may && (
        <Button disabled={busy} onClick={() => save('draft')}>
          Keep as draft
        </Button>
      )}
      {may && (
        <Button look="primary" type="submit" form={formId} hotkey="mod+s" disabled={busy || (flow !== null && !dirty)}>
          {busy ? 'Saving' : flow ? 'Save' : 'Create flow'}
        </Button>
      )}
    </Bar>
  )
}
