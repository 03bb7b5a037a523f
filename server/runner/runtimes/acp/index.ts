import { permissionModes } from '#contract/runs/runs'
import { AcpDriver } from '../../acp/driver.ts'
import { RefusedLaunch, type Runtime } from '../runtime.ts'

/** Any agent that speaks ACP v1. What it may do is decided here: it asks us, and we ask a person. */
export const acp: Runtime = {
  id: 'acp',
  title: 'ACP agent',
  kind: 'program',
  note: 'Any agent of yours that speaks the Agent Client Protocol, version 1. Plans, images and sessions depend on the agent.',
  provider: null,
  meter: { price: true, cumulative: true, free: false },
  capabilities: {
    permissionModes: [...permissionModes],
    permissionNotes: {
      plan: 'For agents with a mode of their own in which they only plan; another one is not started.'
    },
    models: [],
    resume: true,
    fork: false,
    input: true,
    interrupt: true,
    changeWhileRunning: true,
    questions: false,
    plan: true,
    images: true
  },
  cli: null,
  folderSettings: null,
  sessions: null,
  command({ command }) {
    if (command === null) throw new RefusedLaunch('SPAWN_FAILED', 'The run names no program')
    return { file: command.program, args: command.args, env: {}, stopSignal: 'SIGTERM' }
  },
  driver: assignment =>
    new AcpDriver(assignment, {
      title: assignment.command?.program ?? 'The agent',
      modes: { asks: ['default', 'ask', 'read-only'], plans: ['plan', 'architect'] },
      usesPlace: true,
      modelIsGiven: false,
      noServers: null,
      resume: 'resume',
      toolName: () => null,
      isPlan: () => false,
      isNoise: () => false,
      usage: ({ usage }) => ({ usage: usage ?? null, model: null }),
      exit: () => null
    })
}
