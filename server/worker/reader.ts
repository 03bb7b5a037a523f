import { workerData } from 'node:worker_threads'
import { openReadings } from '../store/readings.ts'
import { answerQuestions } from './answering.ts'

const { file }: { file: string } = workerData
const { readings, close } = openReadings(file)

answerQuestions(readings, close)
