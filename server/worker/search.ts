import { setPriority } from 'node:os'
import { workerData } from 'node:worker_threads'
import { openSearch } from '../store/runs/search-answers.ts'
import { answerQuestions } from './answering.ts'

const { file }: { file: string } = workerData
// On Linux this is the priority of the thread that asks for it; elsewhere of the whole process, which stays as it is.
if (process.platform === 'linux') setPriority(0, 10)
const { answers, close } = openSearch(file)

answerQuestions(answers, close)
