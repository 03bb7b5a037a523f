import { permissionModes } from '#contract/runs/runs'
import type { Runtime } from '../runtime.ts'
import { codexCommand } from './command.ts'
import { CodexDriver } from './driver.ts'
import { folderSettings } from './folder-settings.ts'
import { modeNotes } from './modes.ts'

const configFolder = { variable: 'CODEX_HOME', home: '.codex' }

export const codex: Runtime = {
  id: 'codex',
  title: 'Codex',
  kind: 'agent',
  note: null,
  provider: 'openai',
  meter: { price: false, cumulative: true, free: false },
  capabilities: {
    permissionModes: [...permissionModes],
    permissionNotes: modeNotes,
    models: [
      { id: 'gpt-6.2-sol', title: 'GPT-6.2 Sol' },
      { id: 'gpt-6.2-astra', title: 'GPT-6.2 Astra' },
      { id: 'gpt-6.1-sol', title: 'GPT-6.1 Sol' },
      { id: 'gpt-6.1-terra', title: 'GPT-6.1 Terra' },
      { id: 'gpt-6-luna', title: 'GPT-6 Luna' }
    ],
    resume: true,
    fork: true,
    input: true,
    interrupt: true,
    changeWhileRunning: false,
    questions: false,
    plan: false,
    images: true
  },
  cli: {
    names: ['codex'],
    minimumVersion: '0.169.0',
    install: { package: '@openai/codex', major: 0 },
    signIn: {
      variables: ['OPENAI_API_KEY'],
      files: [
        { ...configFolder, file: 'auth.json', key: null },
        { ...configFolder, file: 'config.toml', key: 'model_provider' }
      ],
      unseen: [{ ...configFolder, file: 'config.toml', key: 'cli_auth_credentials_store' }],
      hiddenOn: [],
      how: cli => `Run \`${cli} login\` in a terminal, or set OPENAI_API_KEY.`
    }
  },
  folderSettings,
  // It finds a session by its id alone, in whichever folder it goes on.
  sessions: null,
  command: (_, context) => codexCommand(context),
  driver: assignment => new CodexDriver(assignment)
}
