import { parentPort, workerData } from 'node:worker_threads'
import { openCheckpointer } from '../store/checkpoint.ts'

const { file }: { file: string } = workerData
const checkpointer = openCheckpointer(file)

parentPort?.on('message', (wish: 'checkpoint' | 'close') => {
  if (wish === 'close') close()
  else checkpoint()
})

function checkpoint(): void {
  try {
    checkpointer.run()
  } catch {
    // Busy or full: the log stays, and the next commit asks again.
  }
}

/** Without its port nothing keeps this thread. */
function close(): void {
  checkpointer.close()
  parentPort?.close()
}
