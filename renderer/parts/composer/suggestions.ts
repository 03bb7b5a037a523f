import { useQuery } from '@tanstack/react-query'
import type { Agent } from '#contract/fleet/agents'
import { type FoundFiles, listAgentFiles, listRunFiles, listRunnerFiles } from '#contract/runners/files'
import { listRunCommands } from '#contract/runs/commands'
import { call, wordsOf } from '../../lib/call.ts'
import { useCalm } from '../../lib/calm.ts'
import { keys } from '../../lib/query-keys.ts'
import { useAgents } from '../agents.ts'
import { type Mention, mentionOf } from './mention.ts'

/** Where a prompt will be read: its files and commands are those that can be named in it. */
export type PromptPlace =
  | { in: 'run'; id: string }
  /** `runId`: the run in whose conversation it goes on. */
  | { in: 'agent'; id: string; runId: string | null }
  | { in: 'folder'; runnerId: string; folder: string }
  /** A folder that does not exist yet. */
  | { in: 'nowhere' }

export interface Suggestion {
  kind: 'file' | 'folder' | 'agent' | 'command'
  /** What is shown. */
  name: string
  /** What takes the place of what was typed. */
  text: string
}

export interface Suggestions {
  list: readonly Suggestion[]
  /** What has to be said of the list; null: it says all. */
  note: string | null
}

const noneYet: Suggestions = { list: [], note: null }
const mostFiles = 20
const mostAgents = 5
const mostCommands = 50
/** A key that is held down asks no runner each time. */
const typingMs = 150

/** What could be meant by what is typed. Asked for only while something is. */
export function useSuggestions(place: PromptPlace, mention: Mention | null): Suggestions {
  const files = useFiles(place, mention?.sign === '@' ? mention.query : null)
  const { data: agents } = useAgents('present', mention?.sign === '@')
  const commands = useCommands(place, mention?.sign === '/')
  if (mention === null) return noneYet
  if (mention.sign === '/') return { list: commandsFor(commands, mention.query), note: null }
  const named = agentsFor(agents ?? [], mention.query)
  // What stands there from before may not fit any more.
  const fitting = (files.data?.paths ?? []).filter(path => holdsInOrder(path, mention.query))
  const found = fitting.slice(0, mostFiles).map(suggestionOf)
  const list = [...found, ...named]
  return { list, note: noteOf(place, files, list.length) }
}

function useFiles(place: PromptPlace, typed: string | null) {
  const query = useCalm(cleaned(typed ?? ''), typingMs)
  return useQuery({
    queryKey: keys.files(place, query),
    queryFn: ({ signal }) => findFiles(place, query, signal),
    enabled: typed !== null && place.in !== 'nowhere',
    // While one types on, what fitted before stands there until the next answer.
    placeholderData: (before, last) => (isSame(last?.queryKey[1], place) ? before : undefined),
    // The agent may be writing files meanwhile.
    staleTime: 5000,
    gcTime: 60_000,
    retry: false
  })
}

const isSame = (one: unknown, other: PromptPlace) => JSON.stringify(one) === JSON.stringify(other)

function findFiles(place: PromptPlace, query: string, signal: AbortSignal): Promise<FoundFiles> {
  switch (place.in) {
    case 'run':
      return call(listRunFiles, { params: { id: place.id }, query: { query }, signal })
    case 'agent':
      return call(listAgentFiles, { params: { id: place.id }, query: { query }, signal })
    case 'folder':
      return call(listRunnerFiles, {
        params: { id: place.runnerId },
        query: { folder: place.folder, query },
        signal
      })
    case 'nowhere':
      return Promise.resolve({ paths: [], more: false, partial: false })
  }
}

function useCommands(place: PromptPlace, asked: boolean): readonly string[] {
  const runId = place.in === 'run' ? place.id : place.in === 'agent' ? place.runId : null
  const { data } = useQuery({
    queryKey: keys.commands(runId ?? ''),
    queryFn: ({ signal }) => call(listRunCommands, { params: { id: runId ?? '' }, signal }),
    enabled: asked && runId !== null,
    // They are told some time after the start.
    staleTime: 5000
  })
  return data?.data.map(({ name }) => name) ?? []
}

/** The widest of what a runner takes for fitting. */
function holdsInOrder(path: string, typed: string): boolean {
  let at = 0
  const lower = path.toLowerCase()
  for (const letter of cleaned(typed).toLowerCase()) {
    at = lower.indexOf(letter, at) + 1
    if (at === 0) return false
  }
  return true
}

/** A path that is quoted for its spaces, or begins where it begins. */
const cleaned = (typed: string) => typed.replace(/^"/, '').replace(/^\.?\//, '')

function suggestionOf(path: string): Suggestion {
  return { kind: path.endsWith('/') ? 'folder' : 'file', name: path, text: mentionOf(path) }
}

function agentsFor(agents: readonly Agent[], query: string): Suggestion[] {
  const wanted = query.toLowerCase()
  return agents
    .filter(({ name, slug }) => slug.includes(wanted) || name.toLowerCase().includes(wanted))
    .slice(0, mostAgents)
    .map(({ slug }) => ({ kind: 'agent', name: slug, text: `@${slug} ` }))
}

/** Those that begin with it, then those that hold it. */
function commandsFor(commands: readonly string[], query: string): Suggestion[] {
  const wanted = query.toLowerCase()
  const begins = commands.filter(name => name.toLowerCase().startsWith(wanted))
  const holds = commands.filter(name => name.toLowerCase().includes(wanted) && !begins.includes(name))
  return [...begins, ...holds]
    .slice(0, mostCommands)
    .map(name => ({ kind: 'command', name: `/${name}`, text: `/${name} ` }))
}

function noteOf(place: PromptPlace, { data, error, isFetching }: ReturnType<typeof useFiles>, count: number) {
  if (place.in === 'nowhere') return 'The folder is made when the run starts; there are no files yet.'
  if (error) return `No files: ${wordsOf(error)}`
  if (data === undefined) return isFetching ? 'Looking into the folder' : null
  if (data.partial) return 'The folder is large: not all of it was looked at.'
  if (data.more || data.paths.length > mostFiles) return 'More fit. Type more of the name.'
  return count === 0 && !isFetching ? 'No file or agent fits.' : null
}
