import { permissionModes } from '#contract/runs/runs'
import { EventsSession } from '../events-session.ts'
import type { Runtime } from '../runtime.ts'

/** The practice agent of resources/practice-agent: offline, free, and not an AI. */
export const practice: Runtime = {
  id: 'practice',
  title: 'Practice agent',
  capabilities: {
    permissionModes: [...permissionModes],
    models: [],
    resume: true,
    fork: true,
    input: true,
    interrupt: true,
    changeWhileRunning: true
  },
  cli: null,
  folderSettings: null,
  command: (_, { node, practiceAgent }) => ({ file: node, args: [practiceAgent], env: {}, stopSignal: 'SIGTERM' }),
  session: assignment => new EventsSession(assignment, 'The practice agent')
}
