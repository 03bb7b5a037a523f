import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { AppError } from '#contract/errors'
import type { runsToReadStore } from './runs/runs-to-read.ts'
import type { SearchAnswers } from './runs/search-answers.ts'
import { searchFile } from './runs/search-index.ts'
import type { SearchQuestion } from './runs/search-question.ts'
import type { ReadRun } from './runs/search-reading.ts'
import { startThread } from './thread.ts'
import type { Writer } from './writer.ts'

/** Keeps the search index near what is said, from a thread of its own, and asks it. */
export interface Search {
  /** Inside of a write: the run said something, or what it said is let go. */
  note(run: number): void
  find(question: SearchQuestion): Promise<ReturnType<SearchAnswers['find']>>
  close(): Promise<void>
}

export interface SearchOptions {
  /** Of the database. */
  file: string
  /** null: nothing is indexed; what would be is noted for later. */
  workerFile: string | null
  writer: Writer
  toRead: ReturnType<typeof runsToReadStore>
  onError(error: unknown): void
}

/** What is said is read together with what comes within this time. */
const gatherMs = 200

export function startSearch(options: SearchOptions): Search {
  const { workerFile, toRead } = options
  return workerFile === null ? withoutIndex(toRead) : withIndex({ ...options, workerFile })
}

function withoutIndex(toRead: SearchOptions['toRead']): Search {
  return {
    note: toRead.add,
    find: () =>
      Promise.reject(new AppError('NOT_SUPPORTED', 'Search is switched off here: start Flotilla without --no-search')),
    close: () => Promise.resolve()
  }
}

function withIndex({ file, workerFile, writer, toRead, onError }: SearchOptions & { workerFile: string }): Search {
  const thread = startThread<SearchAnswers>(file, workerFile)
  let timer: NodeJS.Timeout | null = null
  let reading = false
  let again = false
  let closed = false
  /** Whether older runs were yet to be read, as far as the store was told; unknown at the start. */
  let wasBehind: boolean | null = null

  function wake(): void {
    if (closed) return
    if (reading) again = true
    else timer ??= setTimeout(() => void read(), gatherMs).unref()
  }

  async function read(): Promise<void> {
    timer = null
    reading = true
    again = false
    try {
      while (!closed && (await readMore()));
    } catch (error) {
      if (!closed) onError(error)
    } finally {
      reading = false
      if (again) wake()
    }
  }

  /** Whether there is more. */
  async function readMore(): Promise<boolean> {
    const { read: runs, more, behind, remade } = await thread.ask('step', undefined)
    if (remade !== null) onError(new Error(`the search index could not be used (${remade}) and is made anew`))
    if (runs.length > 0 || remade !== null || behind !== wasBehind) await writer.write(() => note(runs, behind))
    wasBehind = behind
    return more
  }

  function note(runs: readonly ReadRun[], behind: boolean): void {
    toRead.done(runs)
    if (behind) toRead.addEverything()
    else toRead.everythingDone()
  }

  function begin(): void {
    if (toRead.any()) wake()
  }

  if (existsSync(searchFile(dirname(file)))) begin()
  else void writer.write(toRead.addEverything).then(begin, onError)

  return {
    note(run) {
      toRead.add(run)
      writer.afterCommit(wake)
    },
    async find(question) {
      const answer = await thread.ask('find', question)
      // It may have been made anew just now.
      if (!answer.index.complete) wake()
      return answer
    },
    async close() {
      closed = true
      if (timer !== null) clearTimeout(timer)
      await thread.close()
    }
  }
}
