import { permissionModes } from '#contract/runs/runs'
import type { Runtime } from '../runtime.ts'
import { claudeCommand } from './command.ts'
import { ClaudeDriver } from './driver.ts'
import { folderSettings } from './folder-settings.ts'

const configFolder = { variable: 'CLAUDE_CONFIG_DIR', home: '.claude' }

export const claudeCode: Runtime = {
  id: 'claude-code',
  title: 'Claude Code',
  kind: 'agent',
  note: null,
  provider: 'anthropic',
  meter: { price: true, cumulative: true, free: false },
  capabilities: {
    permissionModes: [...permissionModes],
    models: [
      { id: 'opus', title: 'Opus' },
      { id: 'sonnet', title: 'Sonnet' },
      { id: 'haiku', title: 'Haiku' }
    ],
    resume: true,
    fork: true,
    input: true,
    interrupt: true,
    changeWhileRunning: true,
    questions: true,
    plan: true,
    images: true
  },
  cli: {
    names: ['claude'],
    minimumVersion: '2.1.0',
    install: { package: '@anthropic-ai/claude-code', major: 2 },
    signIn: {
      variables: [
        'ANTHROPIC_API_KEY',
        'ANTHROPIC_AUTH_TOKEN',
        'CLAUDE_CODE_OAUTH_TOKEN',
        'CLAUDE_CODE_USE_BEDROCK',
        'CLAUDE_CODE_USE_VERTEX',
        'CLAUDE_CODE_USE_FOUNDRY'
      ],
      files: [
        { ...configFolder, file: '.credentials.json', key: null },
        { ...configFolder, file: 'settings.json', key: 'apiKeyHelper' },
        { ...configFolder, file: 'settings.json', key: 'env.ANTHROPIC_API_KEY' },
        { ...configFolder, file: 'settings.json', key: 'env.ANTHROPIC_AUTH_TOKEN' },
        { variable: 'CLAUDE_CONFIG_DIR', home: '.', file: '.claude.json', key: 'oauthAccount' },
        { variable: 'CLAUDE_CONFIG_DIR', home: '.', file: '.claude.json', key: 'primaryApiKey' },
        { variable: null, home: '/etc/claude-code', file: 'managed-settings.json', key: 'apiKeyHelper' }
      ],
      hiddenOn: ['darwin'],
      how: cli => `Run \`${cli}\` in a terminal and enter /login, or set ANTHROPIC_API_KEY.`
    }
  },
  folderSettings,
  sessions: { own: configFolder, folder: 'projects', file: id => `${id}.jsonl` },
  command: claudeCommand,
  driver: assignment => new ClaudeDriver(assignment)
}
