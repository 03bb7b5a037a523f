import { ArrowUp, ChevronDown, GitFork, Zap } from 'lucide-react'
import { type KeyboardEvent, useMemo, useRef, useState } from 'react'
import type { Run } from '#contract/runs/runs'
import { wordsOf } from '../../lib/call.ts'
import { useHotkeys } from '../../lib/hotkeys.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { promptImagesOf } from '../images/image-drafts.ts'
import { AddImages, ImageStrip } from '../images/image-strip.tsx'
import { useImages, whyNoImages } from '../images/use-images.ts'
import { reportOf, useRunners } from '../runners.ts'
import type { Otherwise } from '../runs.ts'
import styles from './composer.module.css'
import { type ComposerMode, composerMode } from './composer-mode.ts'
import { useDraft } from './drafts.ts'
import { DroppedInputs } from './dropped-inputs.tsx'
import { QueuedInputs } from './queued-inputs.tsx'
import { RunSettings } from './run-settings.tsx'
import type { PromptPlace } from './suggestions.ts'
import { useMentions } from './use-mentions.tsx'
import { useSend } from './use-send.ts'

/** Where a person talks to the agent: a follow-up when the run has ended, a message in the queue while it works. */
export function Composer({ run }: { run: Run }) {
  const report = reportOf(useRunners().data?.data, run.runtime, run.runnerId)
  const mode = composerMode(run, report?.capabilities)
  const field = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useDraft(run.id)
  const [next, setNext] = useState<Otherwise>({})
  const images = useImages(run.id, whyNoImages(report, run.command))
  const message = useMemo(() => ({ text, images: promptImagesOf(images.images) }), [text, images.images])
  const send = useSend(run, message, next, () => {
    setText('')
    images.clear()
  })
  const mentions = useMentions({ text, setText, field, place: placeOf(run) })
  const empty = text.trim() === '' || images.blocked
  const write = mode.name === 'followUp' ? 'Follow up' : 'Write a message'
  useHotkeys(mode.name === 'none' ? [] : [{ keys: 'f', label: write, run: () => field.current?.focus() }])
  if (mode.name === 'none') {
    return (
      <div className={styles.composer}>
        <p className={styles.none}>{mode.why}</p>
      </div>
    )
  }
  const words = wordsFor[mode.name]
  const look = mode.name === 'followUp' ? 'primary' : 'default'
  const submit = () => {
    if (!empty && !send.pending) send.first(mode)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (mentions.took(event)) return
    if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
      event.preventDefault()
      submit()
    } else if (event.key === 'Escape') field.current?.blur()
  }
  return (
    <div className={styles.composer}>
      <QueuedInputs run={run} />
      <DroppedInputs run={run} text={text} setText={setText} addImages={images.add} />
      <div className={styles.box} {...images.drop}>
        {mentions.list}
        <ImageStrip images={images} field={field} />
        <textarea
          {...mentions.control}
          ref={field}
          className={styles.field}
          rows={1}
          aria-label={words.field}
          placeholder={words.hint}
          value={text}
          onChange={event => setText(event.target.value)}
          onKeyDown={onKeyDown}
          onPaste={images.paste}
        />
        <span className={styles.send}>
          <IconButton icon={ArrowUp} label={words.send} disabled={empty || send.pending} onClick={submit} />
        </span>
        {send.fault !== null && (
          <p className={styles.fault} role="alert">
            {wordsOf(send.fault)}
          </p>
        )}
        <div className={styles.tools}>
          <AddImages images={images} />
          {report && <RunSettings run={run} capabilities={report.capabilities} next={next} onNext={setNext} />}
          <span className={styles.gap} />
          <span className={styles.sendWords}>
            <Button small look={look} hotkey="mod+Enter" disabled={empty || send.pending} onClick={submit}>
              {words.send}
            </Button>
          </span>
          {mode.other && <OtherWays mode={mode} send={send} disabled={empty} />}
        </div>
      </div>
    </div>
  )
}

const wordsFor = {
  followUp: { field: 'Follow-up', hint: 'Follow up. The agent remembers this session.', send: 'Follow up' },
  queue: {
    field: 'Message to the agent',
    hint: 'Queue a message. The agent reads it when its turn ends.',
    send: 'Queue'
  }
}

function placeOf({ id, cwd }: Run): PromptPlace {
  return cwd === null ? { in: 'nowhere' } : { in: 'run', id }
}

interface OtherProps {
  mode: ComposerMode
  send: ReturnType<typeof useSend>
  disabled: boolean
}

function OtherWays({ mode, send, disabled }: OtherProps) {
  return (
    <Menu align="end" trigger={<IconButton icon={ChevronDown} label="Other ways to send" disabled={disabled} />}>
      {mode.name === 'queue' ? (
        <MenuItem icon={Zap} note="The agent drops what it does and reads this." onSelect={send.interrupt}>
          Interrupt and send
        </MenuItem>
      ) : (
        <MenuItem icon={GitFork} note="This session stays as it is." onSelect={send.fork}>
          Fork into a session of its own
        </MenuItem>
      )}
    </Menu>
  )
}
