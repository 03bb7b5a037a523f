import { Copy, Ellipsis, type LucideIcon, PanelRight, Pencil, RotateCw, Square } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import { isEnded, type Run } from '#contract/runs/runs'
import { copy } from '../../../lib/clipboard.ts'
import { useHotkeys } from '../../../lib/hotkeys.ts'
import { useNarrow } from '../../../lib/narrow.ts'
import { useRunActions } from '../../../parts/runs.ts'
import { useMay } from '../../../parts/who.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Menu, MenuItem } from '../../../ui/menu.tsx'
import { toast, toastFailure } from '../../../ui/toast.tsx'
import { RenameRun } from './rename-run.tsx'

/** How long a polite stop may take before the hard one is offered. */
const patienceMs = 2500

interface Props {
  run: Run
  onRail: () => void
}

export function RunControls({ run, onRail }: Props) {
  return isEnded(run.status) ? <EndedControls run={run} onRail={onRail} /> : <LiveControls run={run} onRail={onRail} />
}

function LiveControls({ run, onRail }: Props) {
  const stop = useStop(run)
  useHotkeys([{ keys: 'mod+.', label: 'Stop run', inFields: true, run: stop.run }])
  return (
    <Controls run={run} icon={Square} word={stop.word} onSelect={stop.run} onRail={onRail}>
      <Button
        look="danger"
        icon={Square}
        filled
        hotkey={stop.possible ? 'mod+.' : undefined}
        disabled={!stop.possible}
        onClick={stop.run}
      >
        {stop.word}
      </Button>
    </Controls>
  )
}

function EndedControls({ run, onRail }: Props) {
  const again = useAgain(run)
  useHotkeys([{ keys: 'r', label: 'Run again', run: again.run }])
  return (
    <Controls run={run} icon={RotateCw} word="Run again" onSelect={again.run} onRail={onRail}>
      <Button icon={RotateCw} hotkey="r" disabled={again.pending} onClick={again.run}>
        Run again
      </Button>
    </Controls>
  )
}

interface ControlsProps {
  run: Run
  icon: LucideIcon
  word: string
  onSelect: () => void
  onRail: () => void
  /** The same as a button, where there is room for it. */
  children: ReactNode
}

/** Where there is little room all of them are in one menu. */
function Controls({ run, icon, word, onSelect, onRail, children }: ControlsProps) {
  const [renaming, setRenaming] = useState(false)
  const may = useMay('write')
  const narrow = useNarrow()
  const rename = () => setRenaming(true)
  return (
    <>
      {!narrow && may && <IconButton icon={Pencil} label="Rename the run" onClick={rename} />}
      {!narrow && <IconButton icon={Copy} label="Copy the run's address" onClick={copyAddress} />}
      {!narrow && children}
      {narrow && (
        <Menu align="end" trigger={<IconButton icon={Ellipsis} label="More" />}>
          <MenuItem icon={icon} onSelect={onSelect}>
            {word}
          </MenuItem>
          <MenuItem icon={PanelRight} onSelect={onRail}>
            Run facts
          </MenuItem>
          {may && (
            <MenuItem icon={Pencil} onSelect={rename}>
              Rename the run
            </MenuItem>
          )}
          <MenuItem icon={Copy} onSelect={copyAddress}>
            Copy the run's address
          </MenuItem>
        </Menu>
      )}
      {renaming && <RenameRun run={run} onClose={() => setRenaming(false)} />}
    </>
  )
}

function copyAddress(): void {
  void copy(location.href).then(done => done && toast('Address copied'))
}

/** Stop asks the agent to finish; when it does not, Stop now ends it. */
function useStop(run: Run) {
  const { cancel } = useRunActions(run.id)
  const asked = run.stopping !== 'no' || cancel.isPending
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    if (!asked) return setSlow(false)
    const timer = setTimeout(() => setSlow(true), patienceMs)
    return () => clearTimeout(timer)
  }, [asked])
  const possible = !asked || (slow && run.stopping === 'asked')
  return {
    possible,
    word: !possible ? 'Stopping' : slow ? 'Stop now' : 'Stop run',
    run: () => {
      if (possible) cancel.mutate(slow, { onError: toastFailure })
    }
  }
}

function useAgain(run: Run) {
  const { retry } = useRunActions(run.id)
  const [, navigate] = useLocation()
  return {
    pending: retry.isPending,
    run: () => {
      if (!retry.isPending)
        retry.mutate(undefined, { onSuccess: made => navigate(`/runs/${made.id}`), onError: toastFailure })
    }
  }
}
