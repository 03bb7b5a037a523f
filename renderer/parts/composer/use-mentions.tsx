import { type KeyboardEvent, type ReactNode, type RefObject, type SyntheticEvent, useId, useState } from 'react'
import { type Mention, mentionAt } from './mention.ts'
import { MentionList } from './mention-list.tsx'
import { type PromptPlace, type Suggestion, useSuggestions } from './suggestions.ts'

interface Options {
  text: string
  setText: (text: string) => void
  field: RefObject<HTMLTextAreaElement | null>
  place: PromptPlace
  /** The list stands below the field; otherwise above it. */
  below?: boolean
}

interface Mentions {
  /** For the field. */
  control: {
    'aria-autocomplete': 'list'
    'aria-haspopup': 'listbox'
    'aria-controls'?: string
    'aria-activedescendant'?: string
    onSelect: (event: SyntheticEvent<HTMLTextAreaElement>) => void
    onInput: (event: SyntheticEvent<HTMLTextAreaElement>) => void
    onBlur: () => void
  }
  /** True: the key was for the list, and nothing else is to be done with it. */
  took: (event: KeyboardEvent<HTMLTextAreaElement>) => boolean
  /** Within an element that is the containing block of what is positioned in it. */
  list: ReactNode
}

/** Completes files, agents and commands while a prompt is typed. Focus stays in the field. */
export function useMentions({ text, setText, field, place, below }: Options): Mentions {
  const id = useId()
  const [caret, setCaret] = useState<number | null>(null)
  const [closed, setClosed] = useState<string | null>(null)
  const [active, setActive] = useState(0)
  const typed = caret === null ? null : mentionAt(text, caret)
  const mention = typed && `${typed.sign}${typed.start}` !== closed ? typed : null
  const { list, note } = useSuggestions(place, mention)
  const at = Math.min(active, list.length - 1)
  const optionId = (index: number) => `${id}-${index}`

  const take = ({ text: insert }: Suggestion) => {
    const element = field.current
    if (element && mention) replace(element, mention, insert, setText)
    setActive(0)
  }
  const took = (event: KeyboardEvent) => {
    // A key that composes a character belongs to the input method.
    if (mention === null || event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.altKey)
      return false
    const chosen = list[at]
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (event.key === 'Escape' && (list.length > 0 || note !== null)) setClosed(`${mention.sign}${mention.start}`)
    else if (step !== undefined && chosen) setActive((at + step + list.length) % list.length)
    else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey && chosen) take(chosen)
    else return false
    event.preventDefault()
    event.stopPropagation()
    return true
  }
  // What is dictated or pasted moves the caret without a key.
  const follow = ({ currentTarget: { selectionStart, selectionEnd, value } }: SyntheticEvent<HTMLTextAreaElement>) => {
    setCaret(selectionStart === selectionEnd ? selectionEnd : null)
    if (mentionAt(value, selectionEnd) === null) setClosed(null)
    if (selectionEnd !== caret) setActive(0)
  }
  const open = list.length > 0
  return {
    took,
    control: {
      'aria-autocomplete': 'list',
      'aria-haspopup': 'listbox',
      ...(open ? { 'aria-controls': id, 'aria-activedescendant': optionId(at) } : {}),
      onSelect: follow,
      onInput: follow,
      onBlur: () => setCaret(null)
    },
    list: mention && (
      <MentionList
        id={id}
        optionId={optionId}
        list={list}
        note={note}
        active={at}
        below={below}
        onTake={take}
        label={mention.sign === '@' ? 'Files and agents' : 'Commands'}
      />
    )
  }
}

/** As if it had been typed: it can be undone. */
function replace(field: HTMLTextAreaElement, mention: Mention, insert: string, setText: (text: string) => void): void {
  const end = mention.start + 1 + mention.query.length
  const spaced = /\s/.test(field.value.charAt(end)) ? insert.trimEnd() : insert
  field.focus()
  field.setSelectionRange(mention.start, end)
  if (!document.execCommand('insertText', false, spaced))
    setText(field.value.slice(0, mention.start) + spaced + field.value.slice(end))
}
