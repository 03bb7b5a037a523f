import { permissionModes } from '#contract/runs/runs'
import { EventsDriver } from '../events-driver.ts'
import type { Runtime } from '../runtime.ts'

/** The practice agent of resources/practice-agent: offline, free, and not an AI. */
export const practice: Runtime = {
  id: 'practice',
  title: 'Practice agent',
  kind: 'practice',
  note: 'For trying Flotilla. Not an AI: it follows a few commands, offline and free.',
  provider: null,
  meter: { price: false, cumulative: false, free: true },
  capabilities: {
    permissionModes: [...permissionModes],
    models: [],
    resume: true,
    fork: true,
    input: true,
    interrupt: true,
    changeWhileRunning: true,
    questions: true,
    plan: true,
    images: true
  },
  cli: null,
  folderSettings: null,
  sessions: null,
  command: (_, { node, practiceAgent }) => ({ file: node, args: [practiceAgent], env: {}, stopSignal: 'SIGTERM' }),
  driver: assignment => new EventsDriver(assignment, 'The practice agent')
}
