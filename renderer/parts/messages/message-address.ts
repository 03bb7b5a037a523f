import { useLocation, useSearch } from 'wouter'
import { messageTypes } from '#contract/work/messages'
import { useMinute } from '../../lib/now.ts'
import { ranges, startOf } from './message-words.ts'

type Name = 'search' | 'agent' | 'type' | 'when' | 'view'

/**
 * The filters as they stand in the URL, and as the API takes them. Messages of one agent are a tab of its page: it is in no filter
 * there, and which one is open stands beside the filters; on their own screen it is the path.
 */
export function useMessageAddress(ofAgent: string | null) {
  useSearch()
  const params = new URLSearchParams(location.search)
  const [, navigate] = useLocation()
  const now = useMinute()
  const search = (params.get('search') ?? '').slice(0, 200)
  const chosenAgent = ofAgent === null ? (params.get('agent') ?? '').slice(0, 64) : ''
  const agent = ofAgent ?? chosenAgent
  const type = messageTypes.find(one => one === params.get('type'))
  const range = ranges.find(one => one.id === params.get('when'))
  const threads = params.get('view') === 'threads'
  const path = ofAgent === null ? '/messages' : `/fleet/${ofAgent}`
  const addressed = (query: URLSearchParams) => `${path}${query.size === 0 ? '' : `?${query}`}`
  const addressWith = (name: Name, text: string) => {
    const after = new URLSearchParams(location.search)
    after.delete('message')
    if (text === '') after.delete(name)
    else after.set(name, text)
    return addressed(after)
  }
  /** Of a message, or of the list without one, with what is filtered. */
  const addressOf = (id: string | null) => {
    if (ofAgent === null) return (id === null ? path : `${path}/${id}`) + location.search
    const after = new URLSearchParams(location.search)
    if (id === null) after.delete('message')
    else after.set('message', id)
    return addressed(after)
  }
  return {
    filter: {
      ...(search && { search }),
      ...(agent && { agent }),
      ...(type && { type }),
      ...(range && { since: startOf(range.days, now) })
    },
    search,
    agent: chosenAgent,
    type: type ?? '',
    when: range?.id ?? '',
    threads,
    filtered: search !== '' || chosenAgent !== '' || type !== undefined || range !== undefined,
    /** Of the tab: the one that is open. */
    open: ofAgent === null ? undefined : (params.get('message') ?? undefined),
    with: addressWith,
    set: (name: Name, text: string) => navigate(addressWith(name, text), { replace: name === 'search' }),
    /** The view stays. */
    clear: () => {
      const rest = Object.entries({ tab: params.get('tab'), view: threads ? 'threads' : null })
      navigate(addressed(new URLSearchParams(rest.flatMap(([name, text]) => (text === null ? [] : [[name, text]])))))
    },
    addressOf,
    go: (id: string | null) => navigate(addressOf(id))
  }
}

export type MessageAddress = ReturnType<typeof useMessageAddress>
