import { dirname } from 'node:path'
import type { SearchIndex } from '#contract/runs/search'
import { type SearchAnswer, searchHits } from './search-hits.ts'
import { type IndexStep, isTorn, openSearchIndex, removeSearchIndex } from './search-index.ts'
import type { SearchQuestion } from './search-question.ts'

/** What the thread for searching is asked. */
export type SearchAnswers = ReturnType<typeof openSearch>['answers']

/** An index that cannot be used is made anew, whoever notices it; what comes of it says so. */
export function openSearch(file: string) {
  /** Why it was made anew, until that was told. */
  let remade: string | null = null
  let opened: ReturnType<typeof openAll> | null = null

  function openAll() {
    const index = openSearchIndex(file)
    return { index, find: searchHits(index.db) }
  }

  function open(): ReturnType<typeof openAll> {
    opened ??= openAll()
    return opened
  }

  function withRemaking<T>(use: () => T): T {
    try {
      return use()
    } catch (error) {
      if (!isTorn(error)) throw error
      remake(error.message)
      return use()
    }
  }

  function remake(why: string): void {
    opened?.index.close()
    opened = null
    removeSearchIndex(dirname(file))
    open().index.noteRebuilt(why)
    remade = why
  }

  return {
    answers: {
      step(): IndexStep & { remade: string | null } {
        const step = withRemaking(() => open().index.step())
        const why = remade
        remade = null
        return { ...step, remade: why }
      },
      find: (question: SearchQuestion): SearchAnswer & { index: SearchIndex } =>
        withRemaking(() => ({ ...open().find(question), index: open().index.state() }))
    },
    close: () => opened?.index.close()
  }
}
