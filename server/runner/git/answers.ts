import type { z } from 'zod'
import {
  type changesAsked,
  type changesTold,
  type hunksAsked,
  type hunksTold,
  maxHunks,
  maxHunkText,
  type putBackAsked,
  type putBackTold
} from '#contract/runners/changes'
import type { Hunk } from '#contract/runs/events'
import { maxPutBack } from '#contract/runs/put-back'
import type { Place } from '../places/place.ts'
import { createRedactor } from '../redaction/redactor.ts'
import { type Checkpoints, GoneCheckpoint } from './checkpoints.ts'

type Around = Pick<Place, 'folder' | 'checkpoints' | 'environment'>
type Gone = { type: 'gone'; message: string }

/** What became different in the repository of a folder where agents may work. */
export function tellChanges(place: Around) {
  return (
    { folder, from, to }: z.output<typeof changesAsked>,
    signal: AbortSignal
  ): Promise<z.output<typeof changesTold>> =>
    orGone(place, async checkpoints => {
      const changes = await checkpoints.changes(await place.folder(folder, ''), from, to, signal)
      return { type: 'changes' as const, changes }
    })
}

/** The hunks of one of its files, page by page, without the secrets of the environment. */
export function tellHunks(place: Around) {
  return (
    { folder, offset, ...span }: z.output<typeof hunksAsked>,
    signal: AbortSignal
  ): Promise<z.output<typeof hunksTold>> =>
    orGone(place, async checkpoints => {
      const { hunks, not } = await checkpoints.hunks(await place.folder(folder, ''), span, signal)
      const { text } = createRedactor({ environment: await place.environment() })
      const told = page(hunks.slice(offset)).map(hunk => ({ ...hunk, lines: hunk.lines.map(text) }))
      return { type: 'hunks' as const, hunks: told, total: hunks.length, not }
    })
}

/** Puts files back as they were at a checkpoint. */
export function putFilesBack(place: Around) {
  return (
    { folder, ...wish }: z.output<typeof putBackAsked>,
    signal: AbortSignal
  ): Promise<z.output<typeof putBackTold>> =>
    orGone(place, async checkpoints => {
      const { done, files } = await checkpoints.putBack(await place.folder(folder, ''), wish, signal)
      return { type: 'files' as const, done, files: files.slice(0, maxPutBack), total: files.length }
    })
}

async function orGone<Told>({ checkpoints }: Around, tell: (all: Checkpoints) => Promise<Told>): Promise<Told | Gone> {
  if (!checkpoints) return { type: 'gone', message: 'No checkpoints are taken at this place' }
  try {
    return await tell(checkpoints)
  } catch (error) {
    if (error instanceof GoneCheckpoint) return { type: 'gone', message: error.message }
    throw error
  }
}

/** As many as one answer holds; one that is too long is cut at its end. */
function page(hunks: readonly Hunk[]): Hunk[] {
  const taken: Hunk[] = []
  let letters = 0
  for (const hunk of hunks.slice(0, maxHunks)) {
    const longer = letters + hunk.lines.reduce((sum, line) => sum + line.length + 1, 0)
    if (longer > maxHunkText) return taken.length > 0 ? taken : [cut(hunk)]
    letters = longer
    taken.push(hunk)
  }
  return taken
}

function cut(hunk: Hunk): Hunk {
  let letters = 0
  const end = hunk.lines.findIndex(line => {
    letters += line.length + 1
    return letters > maxHunkText
  })
  return { ...hunk, lines: hunk.lines.slice(0, Math.max(end, 1)).map(line => line.slice(0, maxHunkText)) }
}
