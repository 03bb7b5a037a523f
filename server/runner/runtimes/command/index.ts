import { EventsDriver } from '../events-driver.ts'
import { RefusedLaunch, type Runtime } from '../runtime.ts'
import { LinesDriver } from './lines-driver.ts'

/** Any program as an agent. What it may do is up to the program: Flotilla only asks where the program asks. */
export const command: Runtime = {
  id: 'command',
  title: 'Command',
  kind: 'program',
  note: 'Any program of yours that reads a prompt and prints what it does.',
  provider: null,
  meter: { price: true, cumulative: false, free: false },
  outputs: ['lines', 'events'],
  capabilities: {
    permissionModes: ['default'],
    models: [],
    resume: true,
    fork: true,
    input: true,
    interrupt: true,
    changeWhileRunning: false,
    questions: true,
    plan: true,
    images: true
  },
  cli: null,
  folderSettings: null,
  sessions: null,
  command({ command, prompt }) {
    if (command === null) throw new RefusedLaunch('SPAWN_FAILED', 'The run names no program')
    const args = command.prompt === 'argument' ? [...command.args, prompt] : command.args
    return { file: command.program, args, env: {}, stopSignal: 'SIGTERM' }
  },
  driver: assignment =>
    assignment.command?.output === 'events'
      ? new EventsDriver(assignment, assignment.command.program)
      : new LinesDriver(assignment)
}
