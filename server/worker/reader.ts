import { parentPort, workerData } from 'node:worker_threads'
import type { ReaderMessage, ReaderReply, ReadingName } from '../store/reader.ts'
import { openReadings } from '../store/readings.ts'

const { file }: { file: string } = workerData
const { readings, close } = openReadings(file)
const byName = readings as Record<ReadingName, (question: never) => unknown>

parentPort?.on('message', (message: ReaderMessage) => {
  if (message === 'close') {
    close()
    // Without its port nothing keeps this thread.
    parentPort?.close()
  } else parentPort?.postMessage(answer(message))
})

function answer({ id, name, question }: Exclude<ReaderMessage, 'close'>): ReaderReply {
  try {
    return { id, value: byName[name](question as never) }
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) }
  }
}
