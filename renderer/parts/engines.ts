import { useQuery } from '@tanstack/react-query'
import { type Engine, listEngines } from '#contract/runners/engines'
import { call } from '../lib/call.ts'
import { keys } from '../lib/query-keys.ts'
import type { Tone } from '../ui/glyph.tsx'

export function useEngines() {
  return useQuery({ queryKey: keys.engines, queryFn: ({ signal }) => call(listEngines, { signal }) })
}

/** How it is, in a word. One that was never there is no failure. */
export function engineState({ state, trouble }: Engine): { tone: Tone; words: string } {
  switch (state) {
    case 'connecting':
      return { tone: 'running', words: 'Connecting' }
    case 'connected':
      return { tone: 'done', words: 'Connected' }
    case 'unreachable':
      return trouble?.code === 'NOT_THERE'
        ? { tone: 'stopped', words: 'Not there' }
        : { tone: 'failed', words: trouble?.code === 'LOST' ? 'Lost' : 'Unreachable' }
    default:
      return state satisfies never
  }
}

/** The one that is worth a look first: one in trouble that was there, else the first that works. */
export function foremostEngine(engines: readonly Engine[] | undefined): Engine | undefined {
  const lost = engines?.find(({ trouble }) => trouble !== null && trouble.code !== 'NOT_THERE')
  return lost ?? engines?.find(({ state }) => state === 'connected') ?? engines?.[0]
}

export function productOf({ facts }: Engine): string {
  return facts?.product ?? 'Engine'
}
