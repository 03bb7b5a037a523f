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
  // Above what changes when the run ends: who is typing a title goes on.
  const [renaming, setRenaming] = useState(false)
  const Buttons = isEnded(run.status) ? EndedControls : LiveControls
  return (
    <>
      <Buttons run={run} onRail={onRail} onRename={() => setRenaming(true)} />
      {renaming && <RenameRun run={run} onClose={() => setRenaming(false)} />}
    </>
  )
}

interface ButtonsProps extends Props {
  onRename: () => void
}

function LiveControls({ run, ...also }: ButtonsProps) {
  const stop = useStop(run)
  useHotkeys([{ keys: 'mod+.', label: 'Stop run', inFields: true, run: stop.run }])
  return (
    <Controls icon={Square} word={stop.word} onSelect={stop.run} {...also}>
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

function EndedControls({ run, ...also }: ButtonsProps) {
  const again = useAgain(run)
  useHotkeys([{ keys: 'r', label: 'Run again', run: again.run }])
  return (
    <Controls icon={RotateCw} word="Run again" onSelect={again.run} {...also}>
      <Button icon={RotateCw} hotkey="r" disabled={again.pending} onClick={again.run}>
        Run again
      </Button>
    </Controls>
  )
}

interface ControlsProps extends Omit<ButtonsProps, 'run'> {
  icon: LucideIcon
  word: string
  onSelect: () => void
  /** The same as a button, where there is room for it. */
  children: ReactNode
}

/** Where there is little room all of them are in one menu. */
function Controls({ icon, word, onSelect, onRail, onRename, children }: ControlsProps) {
  const may = useMay('write')
  const narrow = useNarrow()
  return (
    <>
      {!narrow && may && <IconButton icon={Pencil} label="Rename the run" onClick={onRename} />}
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
            <MenuItem icon={Pencil} onSelect={onRename}>
              Rename the run
            </MenuItem>
          )}
          <MenuItem icon={Copy} onSelect={copyAddress}>
            Copy the run's address
          </MenuItem>
        </Menu>
      )}
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
