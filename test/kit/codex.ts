import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DrivenCli } from './cli-fleet.ts'
import type { MockLlm } from './mock-llm.ts'

/** Given to the CLI as its key; must come to light nowhere. */
export const codexKey = 'sk-a-secret-of-this-test'

export const codex: DrivenCli = {
  title: 'Codex',
  tool: 'codex',
  runtime: 'codex',
  model: 'gpt-6.1-sol',
  atHome(home, mock) {
    writeConfig(join(home, '.codex'), [
      'model_provider = "mock"',
      '[model_providers.mock]',
      'name = "mock"',
      `base_url = "${mock.url}/v1"`,
      'env_key = "OPENAI_API_KEY"',
      'wire_api = "responses"',
      'request_max_retries = 1',
      'stream_max_retries = 1'
    ])
    return { OPENAI_API_KEY: codexKey }
  }
}

/** A folder of settings in which OpenAI's own address is that of the mock. */
export function openAiHome(folder: string, mock: MockLlm): string {
  writeConfig(folder, [`openai_base_url = "${mock.url}/v1"`])
  return folder
}

function writeConfig(folder: string, lines: string[]): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'config.toml'), `${lines.join('\n')}\n`)
}
