import { parentPort } from 'node:worker_threads'
import type { Answers, ThreadMessage, ThreadReply } from '../store/thread.ts'

/** Answers the questions of the main thread until it is closed. */
export function answerQuestions(answers: Answers, close: () => void): void {
  parentPort?.on('message', (message: ThreadMessage) => {
    if (message === 'close') {
      close()
      // Without its port nothing keeps this thread.
      parentPort?.close()
    } else parentPort?.postMessage(answer(answers, message))
  })
}

function answer(answers: Answers, { id, name, question }: Exclude<ThreadMessage, 'close'>): ThreadReply {
  try {
    return { id, value: answers[name]?.(question as never) }
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) }
  }
}
