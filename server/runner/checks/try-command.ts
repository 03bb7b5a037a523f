import type { z } from 'zod'
import type { trial, tried } from '#contract/runners/looks'
import type { Place } from '../places/place.ts'
import { createRedactor } from '../redaction/redactor.ts'
import { type Around, runToEnd } from './run-to-end.ts'

/** Runs a command of a person in a folder where agents may work. Its exit code is the answer, whatever it is. */
export function tryCommand(place: Around & Pick<Place, 'folder'>) {
  return async (
    { folder, program, args }: z.output<typeof trial>,
    signal: AbortSignal
  ): Promise<z.output<typeof tried>> => {
    const cwd = await place.folder(folder, '')
    const { exitCode, output } = await runToEnd(place, { file: program, args, cwd }, signal)
    return { exitCode, output: createRedactor({ secrets: {} }).text(output).slice(-2000) }
  }
}
