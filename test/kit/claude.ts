import { type CliFleet, type DrivenCli, withEachVersion } from './cli-fleet.ts'

export type ClaudeFleet = CliFleet

/** Given to the CLI as its key; must come to light nowhere. */
export const claudeKey = 'sk-ant-a-secret-of-this-test'

const claude: DrivenCli = {
  title: 'Claude Code',
  tool: 'claude',
  runtime: 'claude-code',
  model: 'haiku',
  atHome: (_, mock) => ({
    IS_SANDBOX: '1',
    ANTHROPIC_BASE_URL: mock.url,
    ANTHROPIC_API_KEY: claudeKey,
    CLAUDE_CODE_MAX_RETRIES: '2'
  })
}

export function withEachClaude(name: string, suite: Parameters<typeof withEachVersion>[2]): void {
  withEachVersion(claude, name, suite)
}
