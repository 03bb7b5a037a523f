import { ArrowUp, ChevronDown, GitFork, Zap } from 'lucide-react'
import { type KeyboardEvent, useMemo, useRef } from 'react'
import { useLocation } from 'wouter'
import type { Run } from '#contract/runs/runs'
import { wordsOf } from '../../lib/call.ts'
import { useHotkeys } from '../../lib/hotkeys.ts'
import { randomId } from '../../lib/random-id.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { reportOf, useRunners } from '../runners.ts'
import { useInputActions, useRunActions } from '../runs.ts'
import styles from './composer.module.css'
import { type ComposerMode, composerMode } from './composer-mode.ts'
import { useDraft } from './drafts.ts'
import { DroppedInputs } from './dropped-inputs.tsx'
import { LiveSettings } from './live-settings.tsx'
import { QueuedInputs } from './queued-inputs.tsx'

/** Where a person talks to the agent: a follow-up when the run has ended, a message in the queue while it works. */
export function Composer({ run }: { run: Run }) {
  const report = reportOf(useRunners().data?.data, run.runtime, run.runnerId)
  const mode = composerMode(run, report?.capabilities)
  const field = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useDraft(run.id)
  const send = useSend(run, text, setText)
  const empty = text.trim() === ''
  const write = mode.name === 'followUp' ? 'Follow up' : 'Write a message'
  useHotkeys(mode.name === 'none' ? [] : [{ keys: 'f', label: write, run: () => field.current?.focus() }])
  if (mode.name === 'none') {
    return (
      <div className={styles.composer}>
        <p className={styles.none}>{mode.why}</p>
      </div>
    )
  }
  const sendWord = mode.name === 'followUp' ? 'Follow up' : 'Queue'
  const submit = () => {
    if (!empty && !send.pending) send.first(mode)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
      event.preventDefault()
      submit()
    } else if (event.key === 'Escape') field.current?.blur()
  }
  return (
    <div className={styles.composer}>
      <QueuedInputs run={run} />
      <DroppedInputs run={run} text={text} setText={setText} />
      <div className={styles.box}>
        <textarea
          ref={field}
          className={styles.field}
          rows={1}
          aria-label={mode.name === 'followUp' ? 'Follow-up' : 'Message to the agent'}
          placeholder={
            mode.name === 'followUp'
              ? 'Follow up. The agent remembers this session.'
              : 'Queue a message. The agent reads it when its turn ends.'
          }
          value={text}
          onChange={event => setText(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <span className={styles.send}>
          <IconButton icon={ArrowUp} label={sendWord} disabled={empty || send.pending} onClick={submit} />
        </span>
        {send.fault !== null && (
          <p className={styles.fault} role="alert">
            {wordsOf(send.fault)}
          </p>
        )}
        <div className={styles.tools}>
          {report && <LiveSettings run={run} report={report} />}
          <span className={styles.gap} />
          <span className={styles.sendWords}>
            <Button
              small
              look={mode.name === 'followUp' ? 'primary' : 'default'}
              hotkey="mod+Enter"
              disabled={empty || send.pending}
              onClick={submit}
            >
              {sendWord}
            </Button>
          </span>
          {mode.other && <OtherWays mode={mode} send={send} disabled={empty} />}
        </div>
      </div>
    </div>
  )
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

function useSend(run: Run, text: string, setText: (text: string) => void) {
  const { followUp, fork } = useRunActions(run.id)
  const { add } = useInputActions(run.id)
  const [, navigate] = useLocation()
  // A new key for new words, and after they were sent.
  const words = useMemo(() => ({ prompt: text, key: randomId() }), [text])
  const went = {
    onSuccess: (child: Run) => {
      setText('')
      navigate(`/runs/${child.id}`)
    }
  }
  const said = { onSuccess: () => setText('') }
  return {
    fault: followUp.error ?? fork.error ?? add.error,
    pending: followUp.isPending || fork.isPending || add.isPending,
    first: (mode: ComposerMode) =>
      mode.name === 'followUp' ? followUp.mutate(words, went) : add.mutate({ ...words, mode: 'queue' }, said),
    fork: () => fork.mutate(words, went),
    interrupt: () => add.mutate({ ...words, mode: 'interrupt' }, said)
  }
}
