import { useMemo, useRef, useState } from 'react'
import type { Agent } from '#contract/fleet/agents'
import type { Run } from '#contract/runs/runs'
import { wordsOf } from '../../../lib/call.ts'
import { useHotkeys } from '../../../lib/hotkeys.ts'
import { randomId } from '../../../lib/random-id.ts'
import { isolated } from '../../../lib/visible.ts'
import { useExecuteAgent } from '../../../parts/agents.ts'
import { useDraft } from '../../../parts/composer/drafts.ts'
import { NextSettings } from '../../../parts/composer/run-settings.tsx'
import { useMentions } from '../../../parts/composer/use-mentions.tsx'
import { promptImagesOf } from '../../../parts/images/image-drafts.ts'
import { AddImages, ImageStrip } from '../../../parts/images/image-strip.tsx'
import { useImages, whyNoImages } from '../../../parts/images/use-images.ts'
import { reportOf, useRunners } from '../../../parts/runners.ts'
import type { Otherwise } from '../../../parts/runs.ts'
import { useMay } from '../../../parts/who.ts'
import { Button } from '../../../ui/button.tsx'
import styles from './overview.module.css'

interface Props {
  agent: Agent
  /** Its last one. */
  run: Run | undefined
}

/** A prompt becomes a run of this agent, with its settings but for what is chosen here; what was typed is kept until it is sent. */
export function AgentComposer({ agent, run }: Props) {
  const draft = `agent ${agent.id}`
  const [text, setText] = useDraft(draft)
  const [fresh, setFresh] = useState(false)
  const [next, setNext] = useState<Otherwise>({})
  const execute = useExecuteAgent(agent.id)
  const runtime = agent.runtime ?? run?.runtime
  const report = reportOf(useRunners().data?.data, runtime ?? '', run?.runnerId ?? null)
  const images = useImages(draft, whyNoImages(report, null))
  const field = useRef<HTMLTextAreaElement>(null)
  const place = { in: 'agent', id: agent.id, runId: fresh ? null : agent.sessionRunId } as const
  const mentions = useMentions({ text, setText, field, place })
  const may = useMay('write')
  // A new key for new words, and after they were sent.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const key = useMemo(randomId, [text, images.images, fresh, next])
  useHotkeys([
    { keys: 'f', label: 'Write a prompt', run: () => field.current?.focus() },
    { keys: 'r', label: 'New run', run: () => field.current?.focus() }
  ])
  const why = whyNot(agent, may)
  if (why !== null) return <p className={styles.quiet}>{why}</p>
  const unsendable = text.trim() === '' || images.blocked || execute.isPending
  const send = () => {
    if (unsendable) return
    const sent = () => {
      setText('')
      images.clear()
    }
    const body = { prompt: text, images: promptImagesOf(images.images), fresh, key, ...next }
    execute.mutate(body, { onSuccess: sent })
  }
  return (
    <div className={styles.composer} {...images.drop}>
      {mentions.list}
      <ImageStrip images={images} field={field} />
      <textarea
        {...mentions.control}
        ref={field}
        rows={1}
        aria-label={`Prompt for ${isolated(agent.name)}`}
        placeholder={`What should ${isolated(agent.name)} do?`}
        value={text}
        onChange={event => setText(event.target.value)}
        onPaste={images.paste}
        onKeyDown={event => {
          if (mentions.took(event)) return
          if (event.key === 'Escape') event.currentTarget.blur()
          if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return
          event.preventDefault()
          send()
        }}
      />
      {execute.error && (
        <p className={styles.fault} role="alert">
          {wordsOf(execute.error)}
        </p>
      )}
      <div className={styles.tools}>
        <AddImages images={images} />
        {report && <NextSettings before={agent} capabilities={report.capabilities} next={next} onNext={setNext} />}
        {agent.sessionRunId !== null && (
          <label className={styles.fresh}>
            <input type="checkbox" checked={fresh} onChange={event => setFresh(event.target.checked)} />
            In a new conversation
          </label>
        )}
        <span className={styles.gap} />
        <Button small look="primary" hotkey="mod+Enter" disabled={unsendable} onClick={send}>
          {execute.isPending ? 'Starting' : 'Start run'}
        </Button>
      </div>
    </div>
  )
}

function whyNot({ status }: Agent, may: boolean): string | null {
  if (!may) return 'Your role may look at agents, not give them work.'
  if (status === 'paused') return 'It is paused and takes no work. Resume it first.'
  return status === 'archived' ? 'It is archived and takes no work. Restore it first.' : null
}
