import { parentPort, workerData } from 'node:worker_threads'
import { openCheckpointer } from '../store/checkpoint.ts'
import { copyDatabase } from '../store/copy.ts'
import type { CopyReply, UpkeepMessage } from '../store/upkeep.ts'

const { file }: { file: string } = workerData
const checkpointer = openCheckpointer(file)

parentPort?.on('message', (wish: UpkeepMessage) => {
  if (wish === 'close') close()
  else if (wish === 'checkpoint') checkpoint()
  else parentPort?.postMessage(copy(wish.copyTo))
})

function copy(target: string): CopyReply {
  try {
    copyDatabase(file, target)
    return { file: target, error: null }
  } catch (error) {
    return { file: target, error: (error as Error).message }
  }
}

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
