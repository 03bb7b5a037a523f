import { useLocation, useSearch } from 'wouter'
import { messageTypes } from '#contract/work/messages'
import { useMinute } from '../../lib/now.ts'
import { ranges, startOf } from './message-words.ts'

type Name = 'search' | 'agent' | 'type' | 'when' | 'view'

/** The filters as they stand in the URL, and as the API takes them. */
export function useMessageFilters() {
  useSearch()
  const params = new URLSearchParams(location.search)
  const [, navigate] = useLocation()
  const now = useMinute()
  const search = (params.get('search') ?? '').slice(0, 200)
  const agent = (params.get('agent') ?? '').slice(0, 64)
  const type = messageTypes.find(one => one === params.get('type'))
  const range = ranges.find(one => one.id === params.get('when'))
  const threads = params.get('view') === 'threads'
  const addressWith = (name: Name, text: string) => {
    const after = new URLSearchParams(location.search)
    if (text === '') after.delete(name)
    else after.set(name, text)
    return `/messages${after.size === 0 ? '' : `?${after}`}`
  }
  return {
    filter: {
      ...(search && { search }),
      ...(agent && { agent }),
      ...(type && { type }),
      ...(range && { since: startOf(range.days, now) })
    },
    search,
    agent,
    type: type ?? '',
    when: range?.id ?? '',
    threads,
    filtered: search !== '' || agent !== '' || type !== undefined || range !== undefined,
    with: addressWith,
    set: (name: Name, text: string) => navigate(addressWith(name, text), { replace: name === 'search' }),
    /** The view stays. */
    clear: () => navigate(threads ? '/messages?view=threads' : '/messages'),
    /** The address of a message, or of the list without one, with what is filtered. */
    addressOf: (id: string | null) => (id === null ? '/messages' : `/messages/${id}`) + location.search
  }
}

export type MessageFilters = ReturnType<typeof useMessageFilters>
