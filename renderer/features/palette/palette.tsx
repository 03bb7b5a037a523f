import { Command } from 'cmdk'
import { ChevronLeft, Search } from 'lucide-react'
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import type { Hotkey } from '../../lib/hotkeys.ts'
import type { Screen } from '../../lib/screen.ts'
import { Key } from '../../ui/key.tsx'
import styles from './palette.module.css'
import { Words } from './palette-entry.tsx'
import { Actions, Screens, SearchAll, Things } from './palette-lists.tsx'
import { PromptEntries } from './prompt-entries.tsx'
import { rank } from './rank.ts'
import { ThingActions, WholeRequest } from './thing-actions.tsx'
import { addressOf, entryOf, lookedFor, type Thing } from './things.ts'

interface Props {
  screens: readonly Screen[]
  /** What the page below can do. */
  actions: readonly Hotkey[]
  /** What was typed while this was loaded. */
  typed: string
  onClose: () => void
}

/** Everything there is, by its name: who waits, agents, runs, tasks, what this page can do, where to go. */
export function Palette({ screens, actions, typed, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const state = usePaletteState(typed)
  const { words, subject, asksAgent, asked } = state
  const [, navigate] = useLocation()
  // Before anything is drawn: between two fields a key would be lost.
  useLayoutEffect(() => {
    const element = dialog.current
    element?.showModal()
    // The dialog alone would give the focus to the list around the field.
    field.current?.focus()
    field.current?.setSelectionRange(typed.length, typed.length)
    return () => element?.close()
  }, [typed.length])
  useSomethingChosen(dialog)
  const choose = (act: () => void) => {
    // Closed first: what is done may move the focus, and closing gives it back to where it was.
    dialog.current?.close()
    act()
  }
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
        if (subject) state.leave()
        else onClose()
      }}
      onClick={event => event.target === dialog.current && dialog.current?.close()}
    >
      <Command
        label="Search or run"
        loop
        filter={(value, _, keywords) => rank(value, asked, keywords)}
        shouldFilter={!asksAgent}
        onKeyDown={state.onKeyDown}
      >
        <div className={styles.head}>
          {subject ? (
            <button type="button" className={styles.back} aria-label="Back to everything" onClick={state.leave}>
              <ChevronLeft size={16} aria-hidden />
            </button>
          ) : (
            <Search size={16} aria-hidden />
          )}
          <Command.Input
            ref={field}
            className={styles.field}
            placeholder={
              subject ? 'What to do with it' : 'Search agents, runs, tasks, flows and actions, or > and a prompt'
            }
            value={words}
            onValueChange={state.setWords}
          />
          <Key>Esc</Key>
        </div>
        {subject?.thing.kind === 'approval' && <WholeRequest approval={subject.thing.approval} />}
        <Words value={asked}>
          <Offered {...{ state, screens, actions, choose }} onGo={path => choose(() => navigate(path))} />
        </Words>
      </Command>
      <Foot asksAgent={asksAgent} inside={subject !== null} />
    </dialog>
  )
}

/** When what was chosen is not offered any more, the first one is: Enter always does something that is seen. */
function useSomethingChosen(dialog: { current: HTMLElement | null }): void {
  useEffect(() => {
    const root = dialog.current?.querySelector('[cmdk-root]')
    const described = root?.querySelector('[cmdk-input]')?.getAttribute('aria-activedescendant')
    const lost = !root?.querySelector('[cmdk-item][data-selected="true"]')
    const gone = described ? document.getElementById(described) === null : false
    if (!(lost || gone) || !root?.querySelector('[cmdk-item]')) return
    // From the last to the first: choosing what is chosen would change nothing.
    for (const key of ['End', 'Home'])
      root.dispatchEvent(new KeyboardEventOfPage('keydown', { key, bubbles: true, cancelable: true }))
  })
}

/** What is looked for, and whose actions are shown. */
function usePaletteState(typed: string) {
  const offered = useRef<readonly Thing[]>([])
  const [words, setWords] = useState(typed)
  /** With what was looked for before. */
  const [subject, setSubject] = useState<{ thing: Thing; words: string } | null>(null)
  const leave = () => {
    setWords(subject?.words ?? '')
    setSubject(null)
  }
  return {
    words,
    setWords,
    subject,
    leave,
    offered,
    asksAgent: subject === null && words.startsWith('>'),
    asked: subject ? words : lookedFor(words).words,
    prompt: (text: string) => {
      setSubject(null)
      setWords(text)
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.nativeEvent.isComposing) return
      if (event.key === 'Tab') event.preventDefault()
      if (event.key === 'Tab' && !event.shiftKey && !subject) {
        const chosen = event.currentTarget.querySelector('[cmdk-item][data-selected="true"]')
        const thing = offered.current.find(one => entryOf(one) === chosen?.getAttribute('data-value'))
        if (!thing) return
        setSubject({ thing, words })
        setWords('')
      } else if (subject && ((event.key === 'Backspace' && words === '') || (event.key === 'Tab' && event.shiftKey)))
        leave()
    }
  }
}

interface OfferedProps extends Pick<Props, 'screens' | 'actions'> {
  state: ReturnType<typeof usePaletteState>
  choose: (act: () => void) => void
  onGo: (path: string) => void
}

function Offered({ state, screens, actions, choose, onGo }: OfferedProps) {
  const { words, subject, asksAgent } = state
  return (
    <Command.List className={styles.list}>
      {!asksAgent && <Command.Empty className={styles.nothing}>Nothing has this name.</Command.Empty>}
      {subject && (
        <ThingActions thing={subject.thing} onGo={onGo} onPrompt={state.prompt} onDone={() => choose(() => {})} />
      )}
      {asksAgent && <PromptEntries text={words.slice(1)} onGo={onGo} onPrompt={state.prompt} />}
      {!subject && !asksAgent && (
        <>
          <Things
            words={words}
            onOffered={things => {
              state.offered.current = things
            }}
            onOpen={thing => onGo(addressOf(thing))}
          />
          {lookedFor(words).rest && (
            <>
              {words.trim() !== '' && <SearchAll words={words.trim()} onGo={onGo} />}
              <Screens screens={screens} onGo={onGo} />
              <Actions
                actions={actions}
                onAct={action => choose(() => action.run(new KeyboardEventOfPage('keydown')))}
              />
            </>
          )}
        </>
      )}
    </Command.List>
  )
}

/** The browser's own; React has one of the same name. */
const KeyboardEventOfPage = globalThis.KeyboardEvent

function Foot({ asksAgent, inside }: { asksAgent: boolean; inside: boolean }) {
  return (
    <footer className={styles.foot}>
      <span>
        <Key>↵</Key> {asksAgent ? 'start' : inside ? 'do' : 'open'}
      </span>
      {!asksAgent && !inside && (
        <span>
          <Key>⇥</Key> actions for this
        </span>
      )}
      {inside && (
        <span>
          <Key>⌫</Key> back
        </span>
      )}
      <span className={styles.last}>
        <Key>@</Key> agent <Key>#</Key> run or task <Key>&gt;</Key> prompt
      </span>
    </footer>
  )
}
