import type { Readings } from './readings.ts'
import { startThread, type Thread } from './thread.ts'

export type ReadingAnswer<Name extends keyof Readings> = ReturnType<Readings[Name]>

/** Reads what may take long. */
export type Reader = Thread<Readings>

export const startReader: (file: string, workerFile: string) => Reader = startThread
