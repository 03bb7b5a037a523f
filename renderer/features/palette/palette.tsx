import { useQuery } from '@tanstack/react-query'
import { Command } from 'cmdk'
import { Activity, Inbox, Search, Zap } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { listRuns, type Run } from '#contract/runs/runs'
import { call } from '../../lib/call.ts'
import { titleOf, waited } from '../../lib/format.ts'
import type { Hotkey } from '../../lib/hotkeys.ts'
import { useMinute } from '../../lib/now.ts'
import { keys } from '../../lib/query-keys.ts'
import type { Screen } from '../../lib/screen.ts'
import { visible } from '../../lib/visible.ts'
import { requestOf, subjectOf } from '../../parts/approvals/approval-request.ts'
import { askLine } from '../../parts/approvals/approval-words.ts'
import { usePendingApprovals } from '../../parts/approvals/approvals.ts'
import { runFolder } from '../../parts/run-folder.ts'
import { RunStatusText } from '../../parts/run-status.tsx'
import { Status } from '../../ui/glyph.tsx'
import { Key, Shortcut } from '../../ui/key.tsx'
import styles from './palette.module.css'
import { Entry } from './palette-entry.tsx'
import { QuickLaunch } from './quick-launch.tsx'
import { best, rank } from './rank.ts'

const runsKnown = 100
/** More entries than this take longer to draw than anybody wants to wait for a palette. */
const runsOffered = 12
const waitingOffered = 8
/** Keys that walk are quicker pressed than chosen from a list. */
const walking = new Set(['j', 'k', '[', ']', 'Home', 'End', 'Enter', 'mod+k', 'mod+g', 'a', 'shift+a', 'd'])

interface Props {
  screens: readonly Screen[]
  /** What the page below can do. */
  actions: readonly Hotkey[]
  onClose: () => void
}

/** Everything there is, by its name: who waits, recent runs, what this page can do, where to go. */
export function Palette({ screens, actions, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const [words, setWords] = useState('')
  const [, navigate] = useLocation()
  useEffect(() => {
    dialog.current?.showModal()
    // The dialog alone would give the focus to the list around the field.
    field.current?.focus()
    const element = dialog.current
    return () => element?.close()
  }, [])
  const choose = (act: () => void) => {
    // Closed first: what is done may move the focus, and closing gives it back to where it was.
    dialog.current?.close()
    act()
  }
  const prompt = words.startsWith('>') ? words.slice(1).trim() : null
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the click on the backdrop only repeats what Escape does
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-label="Search or run"
      onClose={onClose}
      // At once, not when the closing is told: the key that opens it may be the next one.
      onCancel={event => {
        event.preventDefault()
        onClose()
      }}
      onClick={event => event.target === dialog.current && dialog.current?.close()}
    >
      <Command label="Search or run" loop filter={rank} shouldFilter={prompt === null}>
        <div className={styles.head}>
          <Search size={16} aria-hidden />
          <Command.Input
            ref={field}
            className={styles.field}
            placeholder="Search runs and actions, or > and a prompt"
            value={words}
            onValueChange={setWords}
          />
          <Key>Esc</Key>
        </div>
        <Command.List className={styles.list}>
          {prompt === null ? (
            <>
              <Command.Empty className={styles.nothing}>Nothing has this name.</Command.Empty>
              <Waiting onGo={path => choose(() => navigate(path))} />
              <Runs words={words} onGo={path => choose(() => navigate(path))} />
              <Screens screens={screens} onGo={path => choose(() => navigate(path))} />
              <Actions actions={actions} onAct={action => choose(() => action.run(new KeyboardEvent('keydown')))} />
            </>
          ) : (
            <QuickLaunch prompt={prompt} onGo={path => choose(() => navigate(path))} />
          )}
        </Command.List>
      </Command>
      <footer className={styles.foot}>
        <span>
          <Key>↵</Key> {prompt === null ? 'open' : 'start'}
        </span>
        <span>
          <Key>↑</Key> <Key>↓</Key> choose
        </span>
        <span className={styles.last}>
          <Key>&gt;</Key> prompt an agent
        </span>
      </footer>
    </dialog>
  )
}

function Waiting({ onGo }: { onGo: (path: string) => void }) {
  const now = useMinute()
  const waiting = usePendingApprovals().data?.data.slice(0, waitingOffered) ?? []
  if (waiting.length === 0) return null
  return (
    <Command.Group heading="Waiting for you" className={styles.group}>
      {waiting.map(approval => (
        <Entry
          key={approval.id}
          value={`approval ${approval.id}`}
          keywords={[askLine(approval), approval.title, approval.subject]}
          icon={Inbox}
          title={askLine(approval)}
          note={visible(subjectOf(requestOf(approval)))}
          end={<Status tone="waiting">{waited(approval.createdAt, now)}</Status>}
          onSelect={() => onGo(`/approvals/${approval.id}`)}
        />
      ))}
    </Command.Group>
  )
}

function Runs({ words, onGo }: { words: string; onGo: (path: string) => void }) {
  const { data } = useQuery({
    queryKey: keys.paletteRuns,
    queryFn: ({ signal }) => call(listRuns, { query: { limit: runsKnown }, signal }),
    staleTime: 0
  })
  const runs = best(data?.data ?? [], words, wordsFor, runsOffered)
  if (runs.length === 0) return null
  return (
    <Command.Group heading="Recent runs" className={styles.group}>
      {runs.map(run => (
        <Entry
          key={run.id}
          value={`run ${run.id}`}
          keywords={wordsFor(run)}
          icon={Activity}
          title={titleOf(run.input)}
          note={`#${run.number}`}
          end={<RunStatusText run={run} />}
          onSelect={() => onGo(`/runs/${run.id}`)}
        />
      ))}
    </Command.Group>
  )
}

function wordsFor(run: Run): string[] {
  return [titleOf(run.input), `#${run.number}`, runFolder(run)]
}

function Screens({ screens, onGo }: { screens: readonly Screen[]; onGo: (path: string) => void }) {
  return (
    <Command.Group heading="Go to" className={styles.group}>
      {screens.map(({ title, path, icon, keys }) => (
        <Entry
          key={path}
          value={`screen ${path}`}
          keywords={[title, `Go to ${title}`]}
          icon={icon}
          title={`Go to ${title}`}
          end={keys && <Shortcut keys={keys} />}
          onSelect={() => onGo(path)}
        />
      ))}
    </Command.Group>
  )
}

function Actions({ actions, onAct }: { actions: readonly Hotkey[]; onAct: (action: Hotkey) => void }) {
  return (
    <Command.Group heading="Actions" className={styles.group}>
      {actions
        .filter(action => !walking.has(action.keys) && !action.keys.startsWith('g '))
        .map(action => (
          <Entry
            key={action.keys}
            value={`action ${action.keys}`}
            keywords={[action.label ?? '']}
            icon={Zap}
            title={action.label ?? ''}
            end={<Shortcut keys={action.keys} />}
            onSelect={() => onAct(action)}
          />
        ))}
    </Command.Group>
  )
}
