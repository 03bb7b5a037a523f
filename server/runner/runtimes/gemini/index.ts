import { permissionModes } from '#contract/runs/runs'
import { AcpDriver } from '../../acp/driver.ts'
import type { Runtime } from '../runtime.ts'
import { geminiAgent } from './acp.ts'
import { geminiCommand, isHeadless, ofEveryStart } from './command.ts'
import { signInHow } from './failures.ts'
import { folderSettings } from './folder-settings.ts'
import { HeadlessDriver } from './headless.ts'

/** Names the folder above its `.gemini`. */
const home = { variable: 'GEMINI_CLI_HOME', home: '.' }

export const geminiCli: Runtime = {
  id: 'gemini-cli',
  title: 'Gemini CLI',
  kind: 'agent',
  note: 'With an API key or an enterprise account. Its successor agy runs as a Command.',
  provider: 'google',
  meter: { price: false, cumulative: false, free: false },
  capabilities: {
    permissionModes: [...permissionModes],
    permissionNotes: {
      bypassPermissions:
        'Edits and runs anything with your rights, in one turn in which it hears nothing. A follow-up goes on.'
    },
    models: [
      { id: 'gemini-3.1-pro-preview', title: 'Gemini 3.1 Pro' },
      { id: 'gemini-3.8-flash', title: 'Gemini 3.8 Flash' },
      { id: 'gemini-3.5-flash-lite', title: 'Gemini 3.5 Flash Lite' },
      { id: 'gemini-2.5-pro', title: 'Gemini 2.5 Pro' }
    ],
    resume: true,
    fork: false,
    input: true,
    interrupt: true,
    changeWhileRunning: true,
    oneTurnModes: ['bypassPermissions'],
    questions: false,
    plan: true,
    images: true
  },
  cli: {
    names: ['gemini'],
    minimumVersion: '0.59.0',
    install: { package: '@google/gemini-cli', major: 0 },
    env: ofEveryStart,
    signIn: {
      variables: ['GEMINI_API_KEY', 'GOOGLE_API_KEY', 'GOOGLE_GENAI_USE_VERTEXAI', 'GOOGLE_GENAI_USE_GCA'],
      files: [
        { ...home, file: '.gemini/oauth_creds.json', key: null },
        { ...home, file: '.gemini/gemini-credentials.json', key: null },
        { ...home, file: '.gemini/.env', key: null }
      ],
      // A key that was typed in lies in the keychain, where there is one.
      hiddenOn: ['darwin', 'linux', 'win32'],
      how: () => signInHow
    }
  },
  folderSettings,
  // Both ways of going on look in the folder where the session was; one that was moved is told as missing.
  sessions: null,
  command: geminiCommand,
  driver: (assignment, { folderSettings }) =>
    isHeadless(assignment, folderSettings)
      ? new HeadlessDriver(assignment)
      : new AcpDriver(assignment, geminiAgent(folderSettings))
}
